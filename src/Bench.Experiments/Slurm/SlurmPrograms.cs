using System.Collections.Immutable;
using System.ComponentModel;
using System.Diagnostics;
using Bench.Results;
using Bench.Results.Files;

namespace Bench.Experiments.Slurm;

/// <summary>Slurm's programs as this machine has them.</summary>
/// <param name="folder">Where they lie; null for the path.</param>
public sealed class SlurmPrograms(string? folder = null)
{
    private static readonly string Everywhere = Environment.GetEnvironmentVariable("PATH") ?? "";

    /// <summary>Whether jobs can be submitted from here.</summary>
    public bool CanSubmit => Find("sbatch") is not null;

    /// <summary>Submits what lies in a folder.</summary>
    /// <returns>What was submitted, and the ids of its jobs.</returns>
    /// <exception cref="SuiteException">Slurm refused; nothing of it is in the queue.</exception>
    public ImmutableArray<(string What, string Job)> Submit(Submission submission)
    {
        string script = Path.Combine(submission.Folder, Submission.Submit);
        var (code, output, error) = Ask("bash", script);
        return code == 0
            ? [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(' '))
                .Select(words => (words[0], words[^1]))]
            : throw new SuiteException($"Slurm refused the jobs: {error.Trim()}",
                $"Change the profile and submit again, or mend the scripts in {submission.Folder} and run: bash {ShellWord.Of(script)}");
    }

    /// <summary>Ids of runs that wait in this user's queue, or are at work.</summary>
    /// <param name="results">The results folder: jobs of other folders are none of its.</param>
    /// <returns>Nothing where the queue cannot be asked.</returns>
    public ImmutableHashSet<string> Queued(string results)
    {
        if (Find("squeue") is not { } squeue)
            return [];
        var (code, output, _) = Ask(squeue, "--me", "--noheader", "--array", "--format=%K %j"); // index and name
        if (code != 0)
            return [];
        var queued = ImmutableHashSet.CreateBuilder<string>(StringComparer.Ordinal);
        foreach (var job in output.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split(' ')).GroupBy(words => words[^1], words => words[0]))
        {
            string[] ids = Submission.RunsOfJob(results, job.Key);
            queued.UnionWith(
                job.Select(index => int.TryParse(index, out int i) && i >= 1 && i <= ids.Length ? ids[i - 1] : "")
                    .Where(id => id.Length > 0));
        }

        return queued.ToImmutable();
    }

    private string? Find(string program) =>
        (folder ?? Everywhere).Split(Path.PathSeparator).Select(part => Path.Combine(part, program)).FirstOrDefault(File.Exists);

    private (int Code, string Output, string Error) Ask(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true,
            UseShellExecute = false };
        if (folder is not null)
            start.Environment["PATH"] = $"{folder}{Path.PathSeparator}{Everywhere}";
        try
        {
            using var process = Process.Start(start)!;
            using var end = ProcessEnd.Before(() => process.Kill(entireProcessTree: true));
            var error = process.StandardError.ReadToEndAsync();
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return (process.ExitCode, output, error.Result);
        }
        catch (Win32Exception absent)
        {
            return (127, "", absent.Message);
        }
    }
}
