using Bench.Results.Runs;

namespace Bench.Training;

/// <summary>What the training loop leaves to others: showing, measuring and keeping.</summary>
public interface ITrainingHooks
{
    /// <summary>Where the last checkpoint lies, if there is one.</summary>
    string? LastCheckpoint { get; }

    /// <summary>A row of the training log; its seconds are those since the row before.</summary>
    void Log(TrainingPoint point);

    /// <summary>Validation bits per token of the averaged weights.</summary>
    double Validate(Trainer trainer);

    /// <summary>Time to write a checkpoint.</summary>
    void Checkpoint(Trainer trainer);
}
