namespace Bench.Noise;

/// <summary>q(x_s | x_t, x_0) as masses: on x_t, on x_0, spread over the N words, and on [MASK]. They sum to one.</summary>
/// <remarks>The masses on x_t and x_0 add up where the two are the same word. Constant size, whatever the vocabulary.</remarks>
public readonly record struct Posterior(double Stay, double Clean, double Uniform, double Mask)
{
    /// <summary>Bayes' rule on q(x_t | x_s) q(x_s | x_0).</summary>
    /// <param name="s">The marginal at the earlier, cleaner time.</param>
    /// <param name="t">The marginal at the later time.</param>
    /// <param name="chain">Which chain has these marginals.</param>
    /// <param name="masked">Whether x_t is [MASK].</param>
    /// <param name="unchanged">Whether x_t = x_0.</param>
    /// <param name="words">N, the number of words.</param>
    public static Posterior Of(Marginal s, Marginal t, Chain chain, bool masked, bool unchanged, int words)
    {
        var step = Transition.Between(s, t, chain);
        var word = step.Word;
        if (masked)
            return new(0, word.Mask * s.Keep / t.Mask, word.Mask * s.Uniform / t.Mask, (1 - step.Unmask) * s.Mask / t.Mask);

        // (k' δ(x_s,x_t) + u'/N) (K δ(x_s,x_0) + U/N), multiplied out.
        double evidence = (unchanged ? t.Keep : 0) + (t.Uniform / words);
        return new(
            word.Keep * ((unchanged ? s.Keep : 0) + (s.Uniform / words)) / evidence,
            word.Uniform * s.Keep / words / evidence,
            word.Uniform * s.Uniform / words / evidence,
            step.Unmask * s.Mask / words / evidence);
    }
}
