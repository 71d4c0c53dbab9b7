using Bench.Results;
using Bench.Training;

namespace Bench.Experiments.Running;

/// <summary>What becomes of a training: its log, its checkpoints, a look at the validation text.</summary>
/// <param name="context">The run.</param>
/// <param name="plan">The training.</param>
/// <param name="log">Takes rows.</param>
/// <param name="checkpoints">Takes checkpoints.</param>
/// <param name="validate">Bits per token of the averaged weights.</param>
/// <param name="before">Seconds trained by earlier starts.</param>
internal sealed class TrainingHooks(RunContext context, TrainingPlan plan, TrainingLog log, Checkpoints checkpoints, Func<Trainer, double> validate, double before) : ITrainingHooks
{
    private double _seconds = before;

    /// <inheritdoc/>
    public string? LastCheckpoint => checkpoints.Newest;

    /// <inheritdoc/>
    public void Log(TrainingPoint point)
    {
        _seconds += point.Seconds;
        var row = point with { Seconds = _seconds };
        log.Append(row);
        context.Stage("training", (double)row.Step / plan.Steps);
        context.Observer.Trained(context.Planned, row, plan.Steps);
    }

    /// <inheritdoc/>
    public double Validate(Trainer trainer) => validate(trainer);

    /// <inheritdoc/>
    public void Checkpoint(Trainer trainer)
    {
        trainer.Save(checkpoints.At(trainer.Step), context.Planned.Id);
        checkpoints.Prune();
        context.KeepTime();
    }
}
