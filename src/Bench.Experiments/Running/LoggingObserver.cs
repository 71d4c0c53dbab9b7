using System.Globalization;
using Bench.Results.Runs;

namespace Bench.Experiments.Running;

/// <summary>Puts into a run's log what its observer is told: stages as they begin, and validations.</summary>
/// <param name="told">The observer.</param>
/// <param name="log">The log.</param>
internal sealed class LoggingObserver(IRunObserver told, RunLog log) : IRunObserver
{
    private string? _stage;

    /// <inheritdoc/>
    public void Began(PlannedRun run) => told.Began(run);

    /// <inheritdoc/>
    public void Stage(PlannedRun run, string stage, double done)
    {
        if (stage != _stage)
            log.Add($"{stage} begins");
        _stage = stage;
        told.Stage(run, stage, done);
    }

    /// <inheritdoc/>
    public void Trained(PlannedRun run, TrainingPoint point, long steps)
    {
        if (point.ValidationBits is { } bits)
            log.Add(string.Create(CultureInfo.InvariantCulture, $"step {point.Step} of {steps}: loss {point.Loss:0.0000} nats a token, validation {bits:0.0000} bits, {point.TokensPerSecond:0} tokens/s"));
        told.Trained(run, point, steps);
    }

    /// <inheritdoc/>
    public void Ended(PlannedRun run, RunStatus status) => told.Ended(run, status);
}
