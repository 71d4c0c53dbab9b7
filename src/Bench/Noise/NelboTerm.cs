namespace Bench.Noise;

/// <summary>
/// What one position adds to the bound, as a function of the predicted distribution π of its clean token that costs O(N): with N tokens and
/// h_κ(y) = ln(1 + κ(N π_y − 1)), the logarithm of the noisy distribution relative to the uniform one,
/// <code>Constant + Clean·h_s(x_0) + Current·h_s(x_t) + Every·Σ_y h_s(y) + Evidence·h_t(x_t) + Inverse·e^{−h_t(x_t)}.</code>
/// </summary>
/// <remarks>
/// π is the prediction that leaves out the position's own observation, p(x_0 | the other positions): the reverse step is q(x_s | x_t, x_0 =
/// π), and with that π the bound is exact for uniform and mixed noise too (UDLM, arXiv 2412.10193; GIDD, arXiv 2503.04482). At a masked
/// position the two predictions are the same.
/// </remarks>
/// <param name="Before">κ_s: the share of the tokens at the cleaner time that were never redrawn.</param>
/// <param name="Now">κ_t: the same at the position's own time.</param>
/// <param name="Constant">Independent of π.</param>
/// <param name="Clean">On h_s(x_0).</param>
/// <param name="Current">On h_s(x_t); 0 where x_t is [MASK].</param>
/// <param name="Every">On the sum over all tokens.</param>
/// <param name="Evidence">On h_t(x_t).</param>
/// <param name="Inverse">On e^{−h_t(x_t)}.</param>
public readonly record struct NelboTerm(double Before, double Now, double Constant, double Clean, double Current, double Every,
    double Evidence, double Inverse)
{
    /// <summary>KL(q(x_s | x_t, x_0) ‖ q(x_s | x_t, x_0 = π)), the step from t to the cleaner s.</summary>
    /// <param name="s">The marginal at the cleaner time.</param>
    /// <param name="t">The marginal at the position's own time.</param>
    /// <param name="chain">Which chain has these marginals.</param>
    /// <param name="masked">Whether x_t is [MASK].</param>
    /// <param name="unchanged">Whether x_t = x_0.</param>
    /// <param name="tokenCount">N.</param>
    public static NelboTerm OfStep(Marginal s, Marginal t, Chain chain, bool masked, bool unchanged, int tokenCount)
    {
        var step = Transition.Between(s, t, chain);
        double before = s.Retained, now = t.Retained;
        if (masked)
            return AtMask(before, now, step.Token.Mask / t.Mask * s.Keep, step.Token.Mask / t.Mask * s.Uniform, tokenCount);

        double evidence = (unchanged ? t.Keep : 0) + (t.Uniform / tokenCount);
        double drawn = s.Uniform / tokenCount, kept = s.Keep + drawn;                   // q_s(y | x_0) for y ≠ x_0, and for x_0
        double jumped = step.Token.Uniform / tokenCount, stayed = step.Token.Keep + jumped; // q(x_t | y) for y ≠ x_t, and for x_t
        double other = jumped * drawn / evidence;
        double clean = unchanged ? 0 : jumped * kept / evidence;
        double current = stayed * (unchanged ? kept : drawn) / evidence;
        int others = tokenCount - (unchanged ? 1 : 2);
        return new(
            before,
            now,
            Times(clean + (unchanged ? current : 0), Likely(before, tokenCount))
                + Times((others * other) + (unchanged ? 0 : current), Unlikely(before))
                - (unchanged ? Likely(now, tokenCount) : Unlikely(now)),
            Clean: unchanged ? 0 : other - clean,
            Current: other - current,
            Every: -other,
            Evidence: 1,
            Inverse: 0);
    }

    /// <summary>
    /// The limit of <see cref="OfStep"/> for short steps, per unit of σ: Σ_{y≠x_t} r(y → x_t) [s_π(y) − s(y) ln s_π(y) + s(y)(ln s(y) −
    /// 1)].
    /// </summary>
    /// <param name="t">The marginal at the position's own time.</param>
    /// <param name="rates">The jumps at that time.</param>
    /// <param name="masked">Whether x_t is [MASK].</param>
    /// <param name="unchanged">Whether x_t = x_0.</param>
    /// <param name="tokenCount">N.</param>
    public static NelboTerm OfRate(Marginal t, JumpRates rates, bool masked, bool unchanged, int tokenCount)
    {
        double now = t.Retained;
        if (masked)
            return AtMask(now, now, rates.Mask / t.Mask * t.Keep, rates.Mask / t.Mask * t.Uniform, tokenCount);

        double rate = rates.Uniform / tokenCount;
        if (rate == 0 && rates.Unmask == 0)
            return new(now, now, 0, 0, 0, 0, 0, 0);
        double here = unchanged ? Likely(now, tokenCount) : Unlikely(now); // h of x_t under x_0
        double other = Math.Exp(Unlikely(now) - here);                // s(y), y neither x_0 nor x_t
        double clean = unchanged ? 0 : Math.Exp(Likely(now, tokenCount) - here);
        int others = tokenCount - (unchanged ? 1 : 2);
        double all = (others * other) + clean;                        // Σ_{y≠x_t} s(y)
        // A masked token may come back as x_t: one more y, whose ratio involves π only through x_t.
        double fromMask = rates.Unmask == 0 ? 0 : rates.Unmask * t.Mask / (t.Keep + t.Uniform);
        return new(
            now,
            now,
            (rate * (-1 + (others * Negentropy(other)) + (unchanged ? 0 : Negentropy(clean)))) - (fromMask * Math.Exp(-here) * (here + 1)),
            Clean: unchanged ? 0 : rate * (other - clean),
            Current: (rate * (other + all)) + (fromMask * Math.Exp(-here)),
            Every: -rate * other,
            Evidence: 0,
            Inverse: (rate * tokenCount) + fromMask);
    }

    /// <summary>Whether the term is 0 whatever π: the network need not be asked.</summary>
    public bool Vanishes =>
        Clean == 0 && Every == 0 && Inverse == 0 && Constant is > -1e-12 and < 1e-12
            && (Before == Now ? Math.Abs(Current + Evidence) < 1e-12 : Current == 0 && Evidence == 0);

    /// <summary>The term times a weight.</summary>
    public static NelboTerm operator *(double weight, NelboTerm term) => new(
        term.Before, term.Now, weight * term.Constant, weight * term.Clean, weight * term.Current, weight * term.Every,
        weight * term.Evidence, weight * term.Inverse);

    // The tokens that x_0 may have been before it was masked, weighted by what reveals them: KL between their distributions under x_0 and
    // under π.
    private static NelboTerm AtMask(double before, double now, double kept, double drawn, int tokenCount)
    {
        double other = drawn / tokenCount, clean = kept + other;
        return new(
            before, now, Times(clean, Likely(before, tokenCount)) + Times((tokenCount - 1) * other, Unlikely(before)),
            Clean: other - clean, Current: 0, Every: -other, Evidence: 0, Inverse: 0);
    }

    // h of x_0, and of any other token, when π is certain of x_0.
    private static double Likely(double kappa, int tokenCount) => Math.Log(1 + (kappa * (tokenCount - 1)));

    private static double Unlikely(double kappa) => Math.Log(1 - kappa);

    private static double Negentropy(double ratio) => ratio == 0 ? 0 : ratio * (Math.Log(ratio) - 1);

    private static double Times(double weight, double logarithm) => weight == 0 ? 0 : weight * logarithm;
}
