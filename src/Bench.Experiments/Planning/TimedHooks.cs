using Bench.Results;
using Bench.Training;

namespace Bench.Experiments.Planning;

/// <summary>Ends a training when enough of its steps have been timed.</summary>
/// <param name="enough">Whether no more is wanted after these seconds of steps.</param>
internal sealed class TimedHooks(Func<IReadOnlyList<double>, bool> enough) : ITrainingHooks, IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly List<double> _seconds = [];

    /// <summary>Seconds of each step; the first ones are slow.</summary>
    public IReadOnlyList<double> Seconds => _seconds;

    /// <summary>Ends the loop.</summary>
    public CancellationToken Stop => _stop.Token;

    /// <inheritdoc/>
    public string? LastCheckpoint => null;

    /// <inheritdoc/>
    public void Log(TrainingPoint point)
    {
        _seconds.Add(point.Seconds);
        if (enough(_seconds))
            _stop.Cancel();
    }

    /// <inheritdoc/>
    public double Validate(Trainer trainer) => double.NaN;

    /// <inheritdoc/>
    public void Checkpoint(Trainer trainer)
    {
    }

    /// <inheritdoc/>
    public void Dispose() => _stop.Dispose();
}
