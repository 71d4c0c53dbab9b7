using System.Globalization;
using Bench.Experiments;
using Bench.Results;

namespace Bench.Cli.Display;

/// <summary>Progress as lines, for logs: a run's beginning and end always, and in between at most one line every few seconds.</summary>
internal sealed class ProgressLines(TextWriter output, TimeProvider clock, int runs) : IRunObserver
{
    /// <summary>What the runner calls the stage that has a training log.</summary>
    public const string Training = "training";

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    private int began;
    private long last;

    public void Began(PlannedRun run)
    {
        began++;
        Write(run, run.Why);
    }

    public void Stage(PlannedRun run, string stage, double done)
    {
        // Of training the log says more: loss and speed.
        if (stage != Training && clock.GetElapsedTime(last) >= Pause)
            Write(run, string.Create(CultureInfo.InvariantCulture, $"{stage}, {100 * done:0} %"));
    }

    public void Trained(PlannedRun run, TrainingPoint point, long steps)
    {
        if (clock.GetElapsedTime(last) >= Pause || point.Step == steps)
            Write(run, $"step {point.Step} of {steps}, {TrainingWords.Of(point, steps)}");
    }

    public void Ended(PlannedRun run, RunStatus status) => Write(run, Outcome(status));

    /// <summary>How a run ended, in words.</summary>
    public static string Outcome(RunStatus status) => status.State switch
    {
        RunState.Finished => $"finished, {Quantity.Time(status.Seconds)} in all",
        RunState.Failed => $"failed: {status.Reason}",
        _ => $"interrupted after {Quantity.Time(status.Seconds)}, to be resumed",
    };

    private void Write(PlannedRun run, string words)
    {
        output.WriteLine($"[{began}/{runs}] {RunLabel.Of(run)}: {words}");
        last = clock.GetTimestamp();
    }
}
