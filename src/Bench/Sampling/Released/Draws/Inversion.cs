namespace Bench.Sampling.Released.Draws;

/// <summary>GIDD's draw (arXiv 2503.04482): the first index whose cumulative probability exceeds u; the last one where rounding leaves none.</summary>
/// <remarks>It differs from <see cref="Categorical"/> where that sliver falls on an index that has no probability.</remarks>
/// <param name="Draws">One u for each law.</param>
public sealed record Inversion(IDraws Draws) : IPick
{
    /// <summary>The index drawn.</summary>
    /// <param name="weights">Probabilities.</param>
    public int From(ReadOnlySpan<double> weights)
    {
        double u = Draws.Uniform(), below = 0;
        for (int y = 0; y < weights.Length - 1; y++)
        {
            below += weights[y];
            if (below > u)
                return y;
        }

        return weights.Length - 1;
    }
}
