
using Bench.Results.Runs;
using Bench.Training;
using MathNet.Numerics.Statistics;

namespace Bench.Experiments.Running;

/// <summary>Times the first updates of a training that is then thrown away; the first ones of all, which are slow, do not count.</summary>
internal sealed class StepTimer : ITrainingHooks, IDisposable
{
    private const int Warm = 2, Least = 3;
    private readonly List<double> seconds = [];
    private readonly CancellationTokenSource enough;
    private readonly double most;

    private StepTimer(double most, CancellationToken stop) =>
        (this.most, enough) = (most, CancellationTokenSource.CreateLinkedTokenSource(stop));

    /// <inheritdoc/>
    public string? LastCheckpoint => null;

    /// <summary>Seconds that an update takes.</summary>
    /// <param name="make">Makes the training, given its plan.</param>
    /// <param name="plan">The plan; how often it stops to log, validate and keep is left out.</param>
    /// <param name="most">Seconds to measure for.</param>
    /// <param name="stop">Cancels.</param>
    /// <param name="train">Trains by a plan until it is asked to stop; null for the trainer alone.</param>
    public static double Measure(Func<TrainingPlan, Trainer> make, TrainingPlan plan, double most, CancellationToken stop,
        Action<Trainer, TrainingPlan, ITrainingHooks, CancellationToken>? train = null)
    {
        using var timer = new StepTimer(most, stop);
        var endless = plan with { Steps = int.MaxValue, WarmupSteps = int.MaxValue, LogEvery = 1, ValidateEvery = 0,
            CheckpointEvery = int.MaxValue };
        using var trainer = make(endless);
        if (train is null)
            trainer.Run(timer, timer.enough.Token);
        else
            train(trainer, endless, timer, timer.enough.Token);
        stop.ThrowIfCancellationRequested();
        return timer.seconds.Skip(Warm).Median();
    }

    /// <inheritdoc/>
    public void Log(TrainingPoint point)
    {
        seconds.Add(point.Seconds);
        if (seconds.Count >= Warm + Least && seconds.Sum() >= most)
            enough.Cancel();
    }

    /// <inheritdoc/>
    public double Validate(Trainer trainer) => double.NaN;

    /// <inheritdoc/>
    public void Checkpoint(Trainer trainer)
    {
        // Nothing of it is kept.
    }

    /// <inheritdoc/>
    public void Dispose() => enough.Dispose();
}
