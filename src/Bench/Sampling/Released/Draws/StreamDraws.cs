using Bench.Numerics;

namespace Bench.Sampling.Released.Draws;

/// <summary>The draws of one example of a stream, from the first one on.</summary>
public sealed class StreamDraws(RandomStream stream, long example) : IDraws
{
    private long taken;

    /// <inheritdoc/>
    public double Uniform() => stream.Uniform(example, taken++);

    /// <inheritdoc/>
    public int Below(int count) => stream.Below(count, example, taken++);
}
