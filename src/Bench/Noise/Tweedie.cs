namespace Bench.Noise;

/// <summary>
/// SEDD's analytic step (arXiv 2310.16834, equation 19; HDLM, arXiv 2504.06416, for mixed noise): Bayes' rule with q_s = e^{−ΔQ} q_t, exact
/// where the scores are.
/// </summary>
public static class Tweedie
{
    /// <summary>Turns scores into the weights of x_s, for a chain whose mask absorbs. Those of inexact scores may be negative.</summary>
    /// <param name="distribution">
    /// In: the noisy distribution over tokens, q_t(y)/(1 − q_t([MASK])) where x_t is the mask, which is the scores times q_t([MASK])/(1 −
    /// q_t([MASK])) and stays finite where nothing else is left; any multiple of it, such as the scores, where x_t is visible. Out: weights
    /// over N + 1 states; they sum to 1 where x_t is the mask.
    /// </param>
    /// <param name="xt">The current token.</param>
    /// <param name="s">The marginal after the step.</param>
    /// <param name="t">The marginal before it.</param>
    public static void Weigh(Span<double> distribution, long xt, Marginal s, Marginal t)
    {
        int tokenCount = distribution.Length - 1;
        var step = t.Since(s);
        // A token that is visible at both ends was kept, or drawn anew; the share that was masked in between cancels.
        double kept = step.Uniform == 0 ? 1 : step.Retained;
        var earlier = Staggered.Of(new Marginal(kept, 1 - kept, 0), tokenCount);
        double total = 0;
        for (int y = 0; y < tokenCount; y++)
            total += distribution[y];
        bool masked = xt == tokenCount;
        double revealed = masked ? (t.Mask - s.Mask) / t.Mask : 0;
        for (int y = 0; y < tokenCount; y++)
            distribution[y] = ((earlier.Own * distribution[y]) + (earlier.Tokens * total))
                * (masked ? revealed : ((1 - kept) / tokenCount) + (y == xt ? kept : 0));
        distribution[tokenCount] = masked ? 1 - (revealed * total) : 0;
    }
}
