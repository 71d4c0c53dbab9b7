using Bench.Numerics;

namespace Bench.Reference.Sampling;

/// <summary>Random numbers in the order in which a released sampler asks for them, which is part of what it does.</summary>
/// <remarks>The samplers of this suite address theirs instead: see <see cref="Numerics.RandomStream"/>.</remarks>
public interface IDraws
{
    /// <summary>Uniform in (0, 1).</summary>
    double Uniform();

    /// <summary>A whole number in [0, <paramref name="count"/>).</summary>
    int Below(int count);

    /// <summary>Whether something of a probability happens.</summary>
    bool Happens(double probability) => Uniform() < probability;
}

/// <summary>The draws of one example of a stream, from the first one on.</summary>
public sealed class StreamDraws(RandomStream stream, long example) : IDraws
{
    private long taken;

    /// <inheritdoc/>
    public double Uniform() => stream.Uniform(example, taken++);

    /// <inheritdoc/>
    public int Below(int count) => stream.Below(count, example, taken++);
}
