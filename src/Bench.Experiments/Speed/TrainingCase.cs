using Bench.Methods;
using Bench.Training;

namespace Bench.Experiments.Speed;

/// <summary>Whole training steps: batch, noise, forward, backward, AdamW, average of the weights.</summary>
/// <param name="Method">Which method.</param>
/// <param name="Size">At which size.</param>
public sealed record TrainingCase(NetworkMethod Method, SpeedSize Size) : ISpeedCase
{
    /// <inheritdoc/>
    public string Name => $"train-{Method.Name}-{Size.Name}";

    /// <inheritdoc/>
    public Precision Usual => Precision.BFloat16;

    /// <inheritdoc/>
    public ISpeedWork Begin(Precision precision) => new TrainingWork(this, precision);
}
