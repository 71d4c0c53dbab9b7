namespace Bench.Noise;

/// <summary>
/// q(x_s | x_t, x_0 = π), for a prediction π that leaves out the position's own observation (GIDD, arXiv 2503.04482; UDLM, arXiv
/// 2412.10193).
/// </summary>
public static class ReverseDistribution
{
    /// <summary>Whether a token may be replaced or masked on the way from t to s.</summary>
    public static bool MayChange(Marginal s, Marginal t, Chain chain)
    {
        var step = Transition.Between(s, t, chain);
        return step.Token.Uniform > 0 || step.Unmask * s.Mask > 0;
    }

    /// <summary>The probability that a masked token stays masked on the way from t to s, whatever x_0.</summary>
    public static double MaskStays(Marginal s, Marginal t, Chain chain) =>
        Posterior.Of(s, t, chain, masked: true, unchanged: false, tokenCount: 1).Mask;

    /// <summary>
    /// Turns a prediction into the distribution of x_s, up to a factor; that of a masked position is the distribution of the token given
    /// that there is one.
    /// </summary>
    /// <param name="distribution">In: π over the N tokens, and anything for the mask. Out: weights over N + 1 states.</param>
    /// <param name="xt">The current token.</param>
    /// <param name="s">The marginal after the step.</param>
    /// <param name="t">The marginal before it.</param>
    /// <param name="chain">Which chain has these marginals.</param>
    public static void Weigh(Span<double> distribution, long xt, Marginal s, Marginal t, Chain chain)
    {
        int tokenCount = distribution.Length - 1;
        var step = Transition.Between(s, t, chain);
        for (int y = 0; y < tokenCount; y++)
            distribution[y] = s.TokenProbability(distribution[y], tokenCount);
        if (xt == tokenCount)
        {
            distribution[tokenCount] = 0;
            return;
        }

        // q(x_t | y) for every token y, more for y = x_t.
        for (int y = 0; y < tokenCount; y++)
            distribution[y] *= (step.Token.Uniform / tokenCount) + (y == xt ? step.Token.Keep : 0);
        distribution[tokenCount] = step.Unmask / tokenCount * s.Mask;
    }
}
