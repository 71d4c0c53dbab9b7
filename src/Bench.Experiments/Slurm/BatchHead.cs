using System.Globalization;

namespace Bench.Experiments.Slurm;

/// <summary>
/// The lines of <c>#SBATCH</c>. No path is among them but those that count from the submission's folder: their quoting is not a shell's.
/// </summary>
internal sealed class BatchHead(SlurmProfile profile)
{
    /// <summary>Of an array that carries out runs.</summary>
    /// <param name="job">The job's name.</param>
    /// <param name="tasks">How many.</param>
    /// <param name="log">The beginning of the names of their logs.</param>
    public string Array(string job, int tasks, string log) => Lines(
    [
        $"--job-name={job}",
        string.Create(CultureInfo.InvariantCulture, $"--array=1-{tasks}{(profile.MaxParallel is { } most ? $"%{most}" : "")}"),
        $"--output=logs/{log}-%a.log",
        "--requeue",
        "--signal=B:TERM@60",
        .. Request(profile.Time, profile.Ranks),
        // Ranks may lie on several machines: what is asked for is then asked for each of them.
        .. Several(profile.Ranks > 1 ? "--gpus-per-task=" : "--gres=gpu:", profile.Gpus),
        .. Several("--cpus-per-task=", profile.Cpus),
    ]);

    /// <summary>Of a single job without GPUs.</summary>
    /// <param name="job">The job's name.</param>
    /// <param name="time">What it takes at most.</param>
    public string Single(string job, TimeSpan time) => Lines(
    [
        $"--job-name={job}",
        "--output=logs/report.log",
        .. Request(time < profile.Time ? time : profile.Time, tasks: 1),
        "--cpus-per-task=1",
    ]);

    // The user's own options come last, since the last one counts.
    private string Lines(IEnumerable<string> options) =>
        string.Concat(options.Concat(profile.Extra).Select(option => $"#SBATCH {option}\n"));

    private IEnumerable<string> Request(TimeSpan time, int tasks) =>
    [
        "--open-mode=append",
        .. tasks > 1 ? (string[])[] : ["--nodes=1"],
        string.Create(CultureInfo.InvariantCulture, $"--ntasks={tasks}"),
        $"--time={WallTime.Text(time)}",
        .. Named("--partition=", profile.Partition),
        .. Named("--account=", profile.Account),
        .. Named("--qos=", profile.Qos),
        .. Named("--mem=", profile.Memory),
    ];

    private static IEnumerable<string> Named(string option, string? value) => value is null ? [] : [option + value];

    private static IEnumerable<string> Several(string option, int count) =>
        count == 0 ? [] : [option + count.ToString(CultureInfo.InvariantCulture)];
}
