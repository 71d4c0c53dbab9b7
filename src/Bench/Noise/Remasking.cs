namespace Bench.Noise;

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

    /// <summary>The probability with which a mask is revealed where tokens are masked at a rate: (α_s − (1 − σ) α_t)/(1 − α_t).</summary>
    /// <param name="rate">σ, at most <see cref="Most"/>.</param>
    /// <param name="s">The marginal after the step.</param>
    /// <param name="t">The marginal before it.</param>
    public static double Revealed(double rate, Marginal s, Marginal t) => s.Mask == 0 ? 1 : (s.Keep - ((1 - rate) * t.Keep)) / t.Mask;

    /// <summary>
    /// σ = (α_s − α_t)/α_t, at most σ_max: the rate of a step to s and back to t (Campbell et al., arXiv 2205.14987).
    /// </summary>
    /// <param name="s">The marginal after the step.</param>
    /// <param name="t">The marginal before it.</param>
    public static double ForwardBackward(Marginal s, Marginal t)
    {
        double most = Most(s, t);
        return t.Keep == 0 ? most : Math.Min(most, (s.Keep - t.Keep) / t.Keep);
    }

    /// <summary>
    /// σ_max (1 − (1 − α_t)^L)/(L α_t): the expected number of remasked tokens of a sequence of which about one is masked again, per
    /// visible token expected.
    /// </summary>
    /// <param name="most">σ_max.</param>
    /// <param name="t">The marginal before the step.</param>
    /// <param name="count">L: active tokens.</param>
    public static double MeanRate(double most, Marginal t, int count) =>
        t.Keep == 0 ? most : most * (1 - Math.Pow(1 - t.Keep, count)) / (count * t.Keep);
}
