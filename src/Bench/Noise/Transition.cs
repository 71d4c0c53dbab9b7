using Bench.Numerics;

namespace Bench.Noise;

/// <summary>q(x_t | x_s): what becomes of a token, and the probability that [MASK] becomes a uniformly drawn token.</summary>
/// <param name="Token">From a token: kept, drawn uniformly, masked.</param>
/// <param name="Unmask">From [MASK]: to a uniformly drawn token; otherwise it stays.</param>
public readonly record struct Transition(Marginal Token, double Unmask)
{
    /// <summary>The step of a chain from one of its marginals to a later one.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is none: <paramref name="s"/> is noisier than <paramref name="t"/>.</exception>
    public static Transition Between(Marginal s, Marginal t, Chain chain)
    {
        if (chain == Chain.MaskAbsorbs)
            return new(t.Since(s), Unmask: 0);
        // Every token, whatever it is, either stays or is drawn anew from one common distribution.
        double keep = s.Keep == 0 ? 0 : t.Keep / s.Keep;
        double uniform = t.Uniform - (keep * s.Uniform), mask = t.Mask - (keep * s.Mask);
        uniform = Require.Within(uniform, -Marginal.Rounding, 1, "Uniform of the transition") > Marginal.Rounding ? uniform : 0;
        mask = Math.Max(0, Require.Within(mask, -Marginal.Rounding, 1, "Mask of the transition"));
        return new(new(Require.Within(keep, 0, 1, "Keep of the transition"), uniform, mask), Unmask: uniform);
    }

    /// <summary>
    /// The probability of <paramref name="y"/> after <paramref name="x"/>; the mask is state number <paramref name="tokenCount"/>.
    /// </summary>
    public double Probability(int y, int x, int tokenCount)
    {
        if (x < tokenCount)
            return Token.Probability(y, x, tokenCount);
        return y == tokenCount ? 1 - Unmask : Unmask / tokenCount;
    }
}

/// <summary>q(x_s | x_t, x_0) as masses: on x_t, on x_0, spread over the N tokens, and on [MASK]. They sum to one.</summary>
/// <remarks>The masses on x_t and x_0 add up where the two are the same token. Constant size, whatever the vocabulary.</remarks>
public readonly record struct Posterior(double Stay, double Clean, double Uniform, double Mask)
{
    /// <summary>Bayes' rule on q(x_t | x_s) q(x_s | x_0).</summary>
    /// <param name="s">The marginal at the earlier, cleaner time.</param>
    /// <param name="t">The marginal at the later time.</param>
    /// <param name="chain">Which chain has these marginals.</param>
    /// <param name="masked">Whether x_t is [MASK].</param>
    /// <param name="unchanged">Whether x_t = x_0.</param>
    /// <param name="tokenCount">N, the number of tokens.</param>
    public static Posterior Of(Marginal s, Marginal t, Chain chain, bool masked, bool unchanged, int tokenCount)
    {
        var step = Transition.Between(s, t, chain);
        var token = step.Token;
        if (masked)
            return new(0, token.Mask * s.Keep / t.Mask, token.Mask * s.Uniform / t.Mask, (1 - step.Unmask) * s.Mask / t.Mask);

        // (k' δ(x_s,x_t) + u'/N) (K δ(x_s,x_0) + U/N), multiplied out.
        double evidence = (unchanged ? t.Keep : 0) + (t.Uniform / tokenCount);
        return new(
            token.Keep * ((unchanged ? s.Keep : 0) + (s.Uniform / tokenCount)) / evidence,
            token.Uniform * s.Keep / tokenCount / evidence,
            token.Uniform * s.Uniform / tokenCount / evidence,
            step.Unmask * s.Mask / tokenCount / evidence);
    }
}
