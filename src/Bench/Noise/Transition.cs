using Bench.Numerics;

namespace Bench.Noise;

/// <summary>q(x_t | x_s): what becomes of a word, and the probability that [MASK] becomes a uniformly drawn word.</summary>
/// <param name="Word">From a word: kept, drawn uniformly, masked.</param>
/// <param name="Unmask">From [MASK]: to a uniformly drawn word; otherwise it stays.</param>
public readonly record struct Transition(Marginal Word, double Unmask)
{
    /// <summary>The step of a chain from one of its marginals to a later one.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is none: <paramref name="s"/> is noisier than <paramref name="t"/>.</exception>
    public static Transition Between(Marginal s, Marginal t, Chain chain)
    {
        if (chain == Chain.MaskAbsorbs)
            return new(t.Since(s), Unmask: 0);
        // Every token, whatever it is, either stays or is drawn anew from one common law.
        double keep = s.Keep == 0 ? 0 : t.Keep / s.Keep;
        double uniform = t.Uniform - (keep * s.Uniform), mask = t.Mask - (keep * s.Mask);
        uniform = Require.Within(uniform, -Marginal.Rounding, 1, "Uniform of the transition") > Marginal.Rounding ? uniform : 0;
        mask = Math.Max(0, Require.Within(mask, -Marginal.Rounding, 1, "Mask of the transition"));
        return new(new(Require.Within(keep, 0, 1, "Keep of the transition"), uniform, mask), Unmask: uniform);
    }

    /// <summary>The probability of <paramref name="y"/> after <paramref name="x"/>; the mask is state number <paramref name="words"/>.</summary>
    public double Probability(int y, int x, int words)
    {
        if (x < words)
            return Word.Probability(y, x, words);
        return y == words ? 1 - Unmask : Unmask / words;
    }
}
