using Bench.Methods;
using Bench.Training;

namespace Bench.Experiments.Speed;

/// <summary>Whole generations of a batch of texts, from noise to text, with the method's own sampler and with keys and values kept where they can be.</summary>
/// <param name="Method">Which method.</param>
/// <param name="Size">At which size.</param>
/// <param name="Steps">Steps to ask the method for.</param>
/// <param name="Batch">Texts that are generated together.</param>
/// <param name="Suffix">What tells the case from others of the same method and size.</param>
public sealed record SamplingCase(NetworkMethod Method, SpeedSize Size, int Steps, int Batch, string Suffix = "") : ISpeedCase
{
    /// <inheritdoc/>
    public string Name => $"sample-{Method.Name}-{Size.Name}{Suffix}";

    /// <inheritdoc/>
    public Precision Usual => Precision.Float32;

    /// <inheritdoc/>
    public ISpeedWork Begin(Precision precision) => new SamplingWork(this, precision);
}
