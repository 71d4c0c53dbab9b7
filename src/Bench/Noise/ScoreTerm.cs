namespace Bench.Noise;

/// <summary>
/// The score entropy of one position, a linear function of its log-scores ℓ_y ≈ ln q_t(y)/q_t(x_t) (SEDD, arXiv 2310.16834; HDLM, arXiv
/// 2504.06416): per unit of σ
/// <code>Constant + Sum·Σ_{y≠x_t} e^{ℓ_y} + Clean·ℓ_{x_0} + Every·Σ_{y≠x_t} ℓ_y,</code>
/// where the sums run over tokens: from [MASK] nothing jumps into x_t.
/// </summary>
/// <remarks>
/// It is never negative, and 0 at the scores of q_t(· | x_0) alone. Times σ' and averaged over x_t and t it bounds −ln p(x_0), up to the
/// prior's divergence.
/// </remarks>
/// <param name="Constant">Independent of the scores.</param>
/// <param name="Sum">On Σ e^{ℓ_y} over the tokens y ≠ x_t.</param>
/// <param name="Clean">On ℓ_{x_0}, beside what <paramref name="Every"/> gives it; 0 where x_t = x_0.</param>
/// <param name="Every">On Σ ℓ_y over the tokens y ≠ x_t.</param>
public readonly record struct ScoreTerm(double Constant, double Sum, double Clean, double Every)
{
    /// <summary>Σ_{y≠x_t} r(y → x_t) [e^{ℓ_y} − s_y ℓ_y + s_y (ln s_y − 1)] with s_y = q_t(y | x_0)/q_t(x_t | x_0).</summary>
    /// <param name="t">The marginal at the position's own time.</param>
    /// <param name="rates">The jumps at that time, of a process whose mask absorbs.</param>
    /// <param name="masked">Whether x_t is [MASK].</param>
    /// <param name="unchanged">Whether x_t = x_0.</param>
    /// <param name="tokenCount">N.</param>
    public static ScoreTerm Of(Marginal t, JumpRates rates, bool masked, bool unchanged, int tokenCount)
    {
        if (rates.Unmask != 0)
            throw new ArgumentException(
                "a masked token is unmasked again, so that the score of [MASK] enters too; this form is for processes whose mask absorbs",
                nameof(rates));
        double rate = rates.Into(masked, tokenCount);
        if (rate == 0)
            return default;
        double drawn = t.Uniform / tokenCount, kept = t.Keep + drawn; // q_t of any token but x_0, and of x_0
        double here = masked ? t.Mask : unchanged ? kept : drawn;
        double other = drawn / here;
        double clean = unchanged ? 0 : kept / here;
        int others = tokenCount - (masked || unchanged ? 1 : 2);
        return rate * new ScoreTerm(
            (others * Negentropy(other)) + Negentropy(clean),
            Sum: 1,
            Clean: unchanged ? 0 : -t.Keep / here,
            Every: -other);
    }

    /// <summary>The term times a weight.</summary>
    public static ScoreTerm operator *(double weight, ScoreTerm term) =>
        new(weight * term.Constant, weight * term.Sum, weight * term.Clean, weight * term.Every);

    // K(r) = r (ln r − 1).
    private static double Negentropy(double ratio) => ratio == 0 ? 0 : ratio * (Math.Log(ratio) - 1);
}
