namespace Bench.Sampling.Released.Draws;

/// <summary>How a public code draws an index from numbers that stand for a law.</summary>
public interface IPick
{
    /// <summary>The index drawn.</summary>
    int From(ReadOnlySpan<double> weights);
}
