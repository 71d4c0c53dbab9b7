using Bench.Numerics;
using Bench.Sampling;

namespace Bench.Reference.Sampling;

/// <summary>How a public code draws an index from numbers that stand for a distribution.</summary>
public interface IPick
{
    /// <summary>The index drawn.</summary>
    int From(ReadOnlySpan<double> weights);
}

/// <summary>
/// GIDD's draw (arXiv 2503.04482): the first index whose cumulative probability exceeds u; the last one where rounding leaves none.
/// </summary>
/// <remarks>It differs from <see cref="Categorical"/> where that sliver falls on an index that has no probability.</remarks>
/// <param name="Draws">One u for each distribution.</param>
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

/// <summary>
/// A race of exponential clocks: the largest weight/(inside − ln(u + within)), one u for each index. In float64 the distribution is that of
/// the weights, whatever their sum.
/// </summary>
/// <remarks>
/// The small numbers were put there for float32, where u may be 0. Weights of 0 never win, and infinite ones by their order alone.
/// </remarks>
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

/// <summary>
/// The draw of HDLM's ε-hybrids (arXiv 2504.06416): the largest e^ℓ/(−ln u)^T, one u for each index. Its distribution is softmax(ℓ/T); T =
/// 0 takes the largest logit.
/// </summary>
/// <param name="Draws">The u.</param>
/// <param name="Temperature">T.</param>
public sealed record TemperedRace(IDraws Draws, double Temperature = 1) : IPick
{
    /// <summary>The index drawn.</summary>
    /// <param name="weights">Logits ℓ.</param>
    public int From(ReadOnlySpan<double> weights)
    {
        int winner = 0;
        double best = double.NegativeInfinity;
        for (int y = 0; y < weights.Length; y++)
        {
            double place = Math.Exp(weights[y]) / Math.Pow(-Math.Log(Draws.Uniform()), Temperature);
            if (place > best)
                (winner, best) = (y, place);
        }

        return winner;
    }
}

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
