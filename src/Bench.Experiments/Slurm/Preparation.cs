using System.Globalization;

namespace Bench.Experiments.Slurm;

/// <summary>What every script does before its work, and what the work's commands have in common.</summary>
/// <param name="order">What is to be done.</param>
/// <param name="resolved">The file of the runs as they were planned.</param>
internal sealed class Preparation(Order order, string resolved)
{
    /// <summary>Where the definitions came from, as comments.</summary>
    public string Origin => string.Concat(order.Definitions.Select(definition => $"#   {definition.Original.ReplaceLineEndings(" ")}\n"));

    /// <summary>Lines that make the machine ready and go to the place of work.</summary>
    public string Lines
    {
        get
        {
            var lines = new List<string> { "set -e # A machine that cannot be made ready does not begin the work." };
            if (!order.Profile.Modules.IsEmpty)
                lines.Add("type module > /dev/null 2>&1 || source /etc/profile || true");
            lines.AddRange(order.Profile.Modules.Select(module => $"module load {ShellWord.Of(module)}"));
            lines.AddRange(order.Profile.Setup);
            lines.Add($"export BENCH_CACHE={ShellWord.Of(order.Cache)}");
            lines.Add($"cd {ShellWord.Of(order.Place)}");
            lines.Add("set +e");
            return string.Join('\n', lines);
        }
    }

    /// <summary>The command that carries out the run <c>$id</c>.</summary>
    public string Run => $"""{Ranks}{Bench(Submission.Command, resolved)} "$id" --threads "$SLURM_CPUS_PER_TASK"{Options}""";

    /// <summary>The signal that asks the command to write a checkpoint and end: of SIGTERM, srun makes SIGKILL for its tasks.</summary>
    public string Signal => HasRanks ? "USR1" : "TERM";

    /// <summary>
    /// The exit codes, for bash, of a command that was signalled and has more to do. As the first of several ranks ends with 130, Slurm
    /// may kill the others before they have quite ended, and srun says the largest code.
    /// </summary>
    public string Unfinished => HasRanks ? ">= 128" : "== 130";

    private bool HasRanks => order.Profile.Ranks > 1;

    // A rank that dies ends the others; without that they would wait for it until the time is up.
    private string Ranks => HasRanks
        ? $"""srun --mpi=pmix --ntasks={Number(order.Profile.Ranks)} --cpus-per-task="$SLURM_CPUS_PER_TASK" --kill-on-bad-exit=1 """
        : "";

    private string Options => string.Concat(
        ((string[])[.. order.Retry ? ["--retry"] : (string[])[], .. HasRanks ? ["--ranks", Number(order.Profile.Ranks)] : (string[])[],
            .. order.Options]).Select(option => $" {option}"));

    private static string Number(int count) => count.ToString(CultureInfo.InvariantCulture);

    /// <summary>The command that builds the report.</summary>
    public string Report => Bench("report", "--output", order.Report);

    private string Bench(params string[] words) => ShellWord.Of([.. order.Program, .. words, "--results", order.Results]);
}

/// <summary>Words that a shell takes for nothing but themselves.</summary>
internal static class ShellWord
{
    /// <summary>The word in single quotes, in which nothing has a meaning but the quote itself.</summary>
    public static string Of(string word) => $"'{word.Replace("'", @"'\''", StringComparison.Ordinal)}'";

    /// <summary>Words of a command.</summary>
    public static string Of(IEnumerable<string> words) => string.Join(' ', words.Select(Of));
}
