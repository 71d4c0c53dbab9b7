using Bench.Numerics;

namespace Bench.Reference.Sampling;

/// <summary>The steps of HDLM's ε-hybrid samplers (arXiv 2504.06416), as its public code has them.</summary>
public enum ReleasedAlgorithm
{
    /// <summary>Masks are revealed; right.</summary>
    Original,

    /// <summary>
    /// Adaptive correction: visible tokens are also drawn anew, at random; in the paper's text, the least certain ones. Shifted samplers
    /// never do.
    /// </summary>
    Acs,

    /// <summary>
    /// All masks are filled, and every token, old or new, is masked again with s/t: half way nearly all are masked where a share s should
    /// be.
    /// </summary>
    Remask,

    /// <summary>The same with visible tokens drawn anew before.</summary>
    RemaskShuffle,

    /// <summary>
    /// Masks are drawn from (1 − σ) π with σ on the mask, visible tokens stay: nearly all masks are revealed in the first step, and none
    /// comes back.
    /// </summary>
    ReMdm,
}

/// <summary>
/// The distribution of a mask in HDLM's "remdm" (arXiv 2504.06416): (1 − σ) softmax(ℓ) over tokens, σ on the mask. Neither the masks'
/// schedule nor visible tokens enter, as they should.
/// </summary>
public static class ReleasedMixture
{
    private const double Small = 1e-8;

    /// <summary>σ = min(η, (1 − α_s)/α_t), or η where α_t = 0.</summary>
    public static double Share(double eta, double alphaS, double alphaT) => alphaT > 0 ? Math.Min(eta, (1 - alphaS) / alphaT) : eta;

    /// <summary>ln(distribution + 10⁻⁸) from logits; the mask's own part of the softmax is lost.</summary>
    /// <param name="logits">N + 1, the mask last.</param>
    /// <param name="sigma">σ.</param>
    public static double[] Of(double[] logits, double sigma)
    {
        double top = logits.Max(), total = logits.Sum(logit => Math.Exp(logit - top));
        double[] distribution = Array.ConvertAll(logits, logit => Math.Log(((1 - sigma) * Math.Exp(logit - top) / total) + Small));
        distribution[^1] = Math.Log(sigma + Small);
        return distribution;
    }
}

/// <summary>
/// S + 1 times from 1 down to just above 0, and what keeps masked from one to the next: s/t, but 0 in the last step, whose s is not 0.
/// </summary>
/// <param name="Steps">S.</param>
/// <param name="Floor">The last time.</param>
public sealed record ReleasedGrid(int Steps, double Floor = 1e-5)
{
    /// <inheritdoc cref="ReleasedGrid" path="/param[@name='Steps']"/>
    public int Steps { get; } = Require.Positive(Steps);

    /// <inheritdoc cref="ReleasedGrid" path="/param[@name='Floor']"/>
    public double Floor { get; } = Require.UnitInterval(Floor);

    /// <summary>Time i, from 0 to S.</summary>
    public double At(int i) => 1 + ((Floor - 1) * i / Steps);

    /// <summary>The probability that a mask stays one in step i.</summary>
    public double Keeps(int i) => i == Steps - 1 ? 0 : At(i + 1) / At(i);
}
