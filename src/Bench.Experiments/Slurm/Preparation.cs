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
    public string Run => $"""{Bench(Submission.Command, resolved)} "$id" --threads "$SLURM_CPUS_PER_TASK"{Options}""";

    private string Options => string.Concat((order.Retry ? ["--retry", .. order.Options] : order.Options).Select(option => $" {option}"));

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
