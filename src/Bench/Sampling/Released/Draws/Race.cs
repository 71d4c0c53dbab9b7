namespace Bench.Sampling.Released.Draws;

/// <summary>A race of exponential clocks: the largest weight/(inside − ln(u + within)), one u for each index. In float64 the law is that of the weights, whatever their sum.</summary>
/// <remarks>The small numbers were put there for float32, where u may be 0. Weights of 0 never win, and infinite ones by their order alone.</remarks>
/// <param name="Draws">The u.</param>
/// <param name="Within">Added to u.</param>
/// <param name="Inside">Added to the clock.</param>
public sealed record Race(IDraws Draws, double Within, double Inside) : IPick
{
    private const double Small = 1e-10;

    /// <summary>SEDD's (arXiv 2310.16834), and that of MDLM, BD3-LM and ReMDM.</summary>
    public static Race OfSedd(IDraws draws) => new(draws, Small, Small);

    /// <summary>That of HDLM's γ-hybrids (arXiv 2504.06416).</summary>
    public static Race OfHdlm(IDraws draws) => new(draws, Small, 0);

    /// <inheritdoc/>
    public int From(ReadOnlySpan<double> weights)
    {
        int winner = 0;
        double best = double.NegativeInfinity;
        for (int y = 0; y < weights.Length; y++)
        {
            double place = weights[y] / (Inside - Math.Log(Draws.Uniform() + Within));
            if (place > best)
                (winner, best) = (y, place);
        }

        return winner;
    }
}
