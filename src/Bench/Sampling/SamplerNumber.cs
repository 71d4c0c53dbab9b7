namespace Bench.Sampling;

/// <summary>The number in a sampler's name.</summary>
/// <param name="Meaning">What it is.</param>
/// <param name="Least">The smallest that is allowed.</param>
/// <param name="Most">The largest.</param>
/// <param name="Example">A usual one.</param>
public sealed record SamplerNumber(string Meaning, double Least, double Most, double Example)
{
    /// <summary>What is allowed, as text.</summary>
    public string Range => Most == double.MaxValue ? $"at {Least} or above, in nats" : $"in [{Least}, {Most}]";
}
