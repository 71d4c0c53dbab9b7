using Bench.Numerics;

namespace Bench.Noise;

/// <summary>
/// Scores one step earlier, e^{−ΔQ} s (SEDD, arXiv 2310.16834, analytic sampler), of a chain whose mask absorbs: a linear function of the scores s_y = q_t(y)/q_t(x_t),
/// <code>g_y = Own·s_y + Words·Σ_w s_w for a word y,   g_[MASK] = s_[MASK] + Mask·Σ_w s_w,</code>
/// where w runs over the words, x_t with its score 1 included. g_y is q_s(y)/q_t(x_t), so that g_y·q(x_t | x_s = y) is the reverse step.
/// </summary>
/// <param name="Own">On the word's own score.</param>
/// <param name="Words">On the sum over the words, in a word.</param>
/// <param name="Mask">On the sum over the words, in the mask.</param>
public readonly record struct Staggered(double Own, double Words, double Mask)
{
    /// <summary>The inverse of a step q(x_t | x_s).</summary>
    /// <param name="step">What becomes of a word. It has to keep some: what is noise for certain tells nothing of what it was.</param>
    /// <param name="words">N.</param>
    public static Staggered Of(Marginal step, int words)
    {
        double keep = Require.Positive(step.Keep);
        double unmasked = 1 - step.Mask; // Σ_w q_t(w) is this share of Σ_w q_s(w)
        return new(1 / keep, -step.Uniform / words / unmasked / keep, -step.Mask / unmasked);
    }
}
