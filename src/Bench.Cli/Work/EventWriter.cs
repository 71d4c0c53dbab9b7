using Bench.Experiments.Planning;
using Bench.Experiments.Running;
using Bench.Results.Runs;

namespace Bench.Cli.Work;

/// <summary>Writes what happens to runs as lines of JSON, for the process that watches.</summary>
/// <param name="output">Where to.</param>
/// <param name="clock">Limits how often progress is written.</param>
internal sealed class EventWriter(TextWriter output, TimeProvider clock) : IRunObserver
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private string? stage;
    private long last;

    public void Began(PlannedRun run) => Write(new(run.Id) { Began = true });

    public void Waits(PlannedRun run, string why) => Write(new(run.Id) { Wait = why });

    public void Stage(PlannedRun run, string stage, double done)
    {
        if (stage == this.stage && done < 1 && clock.GetElapsedTime(last) < Pause)
            return;
        (this.stage, last) = (stage, clock.GetTimestamp());
        Write(new(run.Id) { Stage = stage, Done = done });
    }

    public void Trained(PlannedRun run, TrainingPoint point, long steps) => Write(new(run.Id) { Point = point, Steps = steps });

    // The end is reported once the run's folder is free again.
    public void Ended(PlannedRun run, RunStatus status)
    {
    }

    /// <summary>How a run stands now that its folder is free again.</summary>
    public void Left(PlannedRun run, RunStatus status) => Write(new(run.Id) { Status = status, Waits = status.Waits });

    /// <summary>The environment failed rather than the run.</summary>
    public void Refused(string run, string problem, string fix) => Write(new(run) { Problem = problem, Fix = fix });

    private void Write(WorkEvent happened)
    {
        output.WriteLine(happened);
        output.Flush();
    }
}
