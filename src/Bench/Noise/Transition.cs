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
        double uniform = t.Uniform - (keep * s.Uniform);
        uniform = uniform > Marginal.Rounding ? uniform : 0;
        return new(new(keep, uniform, Math.Max(0, 1 - keep - uniform)), Unmask: uniform);
    }

    /// <summary>The probability of <paramref name="y"/> after <paramref name="x"/>; the mask is state number <paramref name="words"/>.</summary>
    public double Probability(int y, int x, int words)
    {
        if (x < words)
            return Word.Probability(y, x, words);
        return y == words ? 1 - Unmask : Unmask / words;
    }
}
