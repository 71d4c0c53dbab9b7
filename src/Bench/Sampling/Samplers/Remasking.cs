using Bench.Noise;

namespace Bench.Sampling.Samplers;

/// <summary>
/// The step of absorbing noise that also masks tokens again, so that mistakes can be mended; the share of masks keeps to its schedule
/// whatever the rate (ReMDM, arXiv 2503.00307).
/// </summary>
public static class Remasking
{
    /// <summary>σ_max = min(1, (1 − α_s)/α_t): the rate beyond which there would be too few masks to make up for it.</summary>
    /// <param name="s">The marginal after the step.</param>
    /// <param name="t">The marginal before it.</param>
    public static double Most(Marginal s, Marginal t) => t.Keep == 0 ? 1 : Math.Min(1, (1 - s.Keep) / t.Keep);

    /// <summary>A token is masked with probability σ, a mask is revealed with (α_s − (1 − σ) α_t)/(1 − α_t).</summary>
    /// <param name="masked">Whether the token is a mask.</param>
    /// <param name="rate">σ, at most <see cref="Most"/>.</param>
    /// <param name="s">The marginal after the step.</param>
    /// <param name="t">The marginal before it.</param>
    public static MoveProbabilities Probabilities(bool masked, double rate, Marginal s, Marginal t)
    {
        if (!masked)
            return new(rate, 0);
        return new(0, s.Mask == 0 ? 1 : (s.Keep - ((1 - rate) * t.Keep)) / t.Mask);
    }
}
