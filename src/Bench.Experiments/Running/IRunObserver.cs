using Bench.Experiments.Planning;
using Bench.Results.Runs;

namespace Bench.Experiments.Running;

/// <summary>Watches runs. It is called on the thread that carries them out.</summary>
public interface IRunObserver
{
    /// <summary>Work on a run begins.</summary>
    void Began(PlannedRun run);

    /// <summary>A run cannot begin: another process holds it. Called again after each failed attempt.</summary>
    void Waits(PlannedRun run, string why)
    {
    }

    /// <summary>How far a part of the run is.</summary>
    /// <param name="run">The run.</param>
    /// <param name="stage">What is being done: "training", "validation", "test", "sampling", "counting".</param>
    /// <param name="done">The share that is done, 0 to 1.</param>
    void Stage(PlannedRun run, string stage, double done);

    /// <summary>A row of the training log was written.</summary>
    /// <param name="run">The run.</param>
    /// <param name="point">The row.</param>
    /// <param name="steps">Steps of the whole training.</param>
    void Trained(PlannedRun run, TrainingPoint point, long steps);

    /// <summary>The run ended or was interrupted, as the status says; or it had ended before, and never began here.</summary>
    void Ended(PlannedRun run, RunStatus status);
}
