using System.Globalization;
using Bench.Experiments.Planning;
using Bench.Experiments.Running;
using Bench.Results.Runs;

namespace Bench.Cli.Display;

/// <summary>Progress as lines, for logs: a run's beginning and end always, and in between at most one line of each run every few seconds.</summary>
internal sealed class ProgressLines(TextWriter output, TimeProvider clock, int runs) : IRunObserver
{
    /// <summary>What the runner calls the stage that has a training log.</summary>
    public const string Training = "training";

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    private readonly Dictionary<string, int> numbers = []; // by folder, as runs come
    private readonly Dictionary<string, long> last = [];
    private readonly HashSet<string> waiting = [];

    public void Began(PlannedRun run) => Write(run, waiting.Remove(run.Folder) ? "the other process has ended; going on" : run.Why);

    public void Waits(PlannedRun run, string why)
    {
        if (waiting.Add(run.Folder))
            Write(run, $"waits: {why}");
    }

    public void Stage(PlannedRun run, string stage, double done)
    {
        // Of training the log says more: loss and speed.
        if (stage != Training && IsTime(run))
            Write(run, string.Create(CultureInfo.InvariantCulture, $"{stage}, {100 * done:0} %"));
    }

    public void Trained(PlannedRun run, TrainingPoint point, long steps)
    {
        if (IsTime(run) || point.Step == steps)
            Write(run, $"step {point.Step} of {steps}, {TrainingWords.Of(point, steps)}");
    }

    public void Ended(PlannedRun run, RunStatus status) => Write(run, Outcome(status));

    /// <summary>How a run ended, as text.</summary>
    public static string Outcome(RunStatus status) => status.State switch
    {
        RunState.Finished => $"finished, {Quantity.Time(status.Seconds)} in all",
        RunState.Failed => $"failed: {status.Reason}",
        _ => $"interrupted after {Quantity.Time(status.Seconds)}, to be resumed",
    };

    private bool IsTime(PlannedRun run) => clock.GetElapsedTime(last.GetValueOrDefault(run.Folder)) >= Pause;

    private void Write(PlannedRun run, string text)
    {
        if (!numbers.TryGetValue(run.Folder, out int number))
            numbers[run.Folder] = number = numbers.Count + 1;
        output.WriteLine($"[{number}/{runs}] {RunLabel.Of(run)}: {text}");
        last[run.Folder] = clock.GetTimestamp();
    }
}

/// <summary>A point of the training log as text: loss, speed, time left.</summary>
internal static class TrainingWords
{
    public static string Of(TrainingPoint point, long steps)
    {
        double tokensLeft = (double)point.Tokens / Math.Max(1, point.Step) * (steps - point.Step);
        string bits = point.ValidationBits is { } value ? string.Create(CultureInfo.InvariantCulture, $", validation {value:0.000} bits") : "";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"loss {point.Loss / Math.Log(2):0.000} bits{bits}, {Quantity.Count(point.TokensPerSecond)} tokens/s, {Quantity.Time(tokensLeft / point.TokensPerSecond)} left");
    }
}
