using System.Collections.Immutable;
using Bench.Numerics;

namespace Bench.Noise;

/// <summary>q(x_σ | x_0) = Keep·x_0 + Uniform·(1/N) + Mask·[MASK], over N tokens; the weights sum to one.</summary>
/// <remarks>
/// Also the transition of a token from one noise level to a later one: in a chain whose mask absorbs, transitions have the same form. The
/// three weights are read by noise alone: objectives and samplers ask for probabilities and rates.
/// </remarks>
public readonly record struct Marginal(double Keep, double Uniform, double Mask)
{
    // Equal ratios differ by this much at most through rounding; a chain that redraws no token must have rate 0.
    internal const double Rounding = 1e-14;

    /// <summary>No noise.</summary>
    public static Marginal Clean => new(1, 0, 0);

    internal double Keep { get; } = Keep;

    internal double Uniform { get; } = Uniform;

    internal double Mask { get; } = Mask;

    /// <summary>α: the weight of the clean token in q(x_σ | x_0) = α·x_0 + (1 − α)·π_σ.</summary>
    public double Alpha => Keep;

    /// <summary>q(x_σ = [MASK] | x_0), which is the same for every x_0.</summary>
    public double MaskProbability => Mask;

    /// <summary>q([MASK])/(1 − q([MASK])).</summary>
    public double MaskRatio => Mask / (Keep + Uniform);

    /// <summary>Whether nothing is left of x_0: the noisy token has the same distribution whatever it was.</summary>
    public bool IsPureNoise => Keep == 0;

    /// <summary>Whether a token that is not masked may be another than x_0.</summary>
    public bool MayReplace => Uniform != 0;

    /// <summary>π_σ, the distribution of the token given that it is not kept (the mixing distribution of GIDD, arXiv 2503.04482).</summary>
    public Marginal Mixing => new(0, Uniform / (Uniform + Mask), Mask / (Uniform + Mask));

    /// <summary>The parts that the distribution is made of, each with its name and its weight, for pictures and tables.</summary>
    public ImmutableArray<(string Name, double Weight)> Parts => [("keep", Keep), ("uniform", Uniform), ("mask", Mask)];

    /// <summary>κ: of the tokens that are not masked, the share that were never redrawn; 0 where all are masked.</summary>
    public double Retained => Keep == 0 ? 0 : Keep / (Keep + Uniform);

    /// <summary>
    /// The probability of ending in <paramref name="y"/> when starting in <paramref name="x"/>; the mask is state number
    /// <paramref name="tokenCount"/> and absorbs.
    /// </summary>
    public double Probability(int y, int x, int tokenCount)
    {
        if (x == tokenCount)
            return y == tokenCount ? 1 : 0;
        return y == tokenCount ? Mask : (Uniform / tokenCount) + (y == x ? Keep : 0);
    }

    /// <summary>The probability of ending in a token, where x_0 was that token with probability <paramref name="clean"/>.</summary>
    public double TokenProbability(double clean, int tokenCount) => (Keep * clean) + (Uniform / tokenCount);

    /// <summary>This corruption, and then another one on top, in the chain whose mask absorbs.</summary>
    public Marginal Then(Marginal next)
    {
        double unmasked = (1 - Mask) * (1 - next.Mask);
        double keep = Keep * next.Keep;
        return new(keep, unmasked - keep, 1 - unmasked);
    }

    /// <summary>
    /// The transition q(x_t | x_s) that leads from <paramref name="earlier"/> to this marginal, in the chain whose mask absorbs.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">There is none: the other marginal is noisier than this one.</exception>
    public Marginal Since(Marginal earlier)
    {
        double keep = earlier.Keep == 0 ? 0 : Keep / earlier.Keep;
        double unmasked = earlier.Unmasked;
        // Differences of what is small, near either end, and never of what is nearly one.
        double uniform = unmasked == 0 ? 0 : (Uniform - (keep * earlier.Uniform)) / unmasked;
        double mask = unmasked == 0 ? 1 : Mask < 0.5 ? (Mask - earlier.Mask) / unmasked : 1 - (Unmasked / unmasked);
        return new(
            Require.Within(keep, 0, 1, "Keep of the transition"),
            uniform > Rounding ? uniform : 0,
            Math.Max(0, Require.Within(mask, -Rounding, 1, "Mask of the transition")));
    }

    /// <summary>KL(this ‖ other) in nats for one token, out of N; infinite where the other gives no mass.</summary>
    public double KullbackLeibler(Marginal other, int tokenCount) =>
        Term(Keep + (Uniform / tokenCount), other.Keep + (other.Uniform / tokenCount))
        + ((tokenCount - 1) * Term(Uniform / tokenCount, other.Uniform / tokenCount))
        + Term(Mask, other.Mask);

    /// <summary>The three weights.</summary>
    public override string ToString() => FormattableString.Invariant($"{Keep} kept, {Uniform} uniform, {Mask} masked");

    // Near the prior 1 − Mask has no digits left; without masks it is one, which the sum may miss.
    private double Unmasked => Mask < 0.5 ? 1 - Mask : Keep + Uniform;

    private static double Term(double p, double q) => p == 0 ? 0 : p * Math.Log(p / q);
}
