using Bench.Noise;
using Bench.Numerics;

namespace Bench.Objectives;

/// <summary>What a position counts in GIDD's training loss.</summary>
public interface IGiddWeighting
{
    /// <summary>The weighting's name in definitions and tables.</summary>
    string Name { get; }

    /// <summary>The weight.</summary>
    /// <param name="process">p_u and γ.</param>
    /// <param name="bound">The bound's own weight.</param>
    /// <param name="survival">1 − t, the probability e^{−σ} that no jump has happened.</param>
    /// <param name="masked">Whether the noisy token is [MASK].</param>
    /// <param name="unchanged">Whether it is the clean one.</param>
    /// <param name="tokenCount">N.</param>
    double Of(Gidd process, double bound, double survival, bool masked, bool unchanged, int tokenCount);
}

/// <summary>The bound's weights, none above a limit (GIDD, arXiv 2503.04482).</summary>
/// <param name="Most">w_max; the published runs use 2.</param>
public sealed record ClippedWeights(double Most = 2) : IGiddWeighting
{
    /// <inheritdoc cref="ClippedWeights" path="/param"/>
    public double Most { get; } = Require.Positive(Most);

    /// <inheritdoc/>
    public string Name => $"clipped to {Most}";

    /// <inheritdoc/>
    public double Of(Gidd process, double bound, double survival, bool masked, bool unchanged, int tokenCount) => Math.Min(Most, bound);
}

/// <summary>
/// Weights in about the proportions of the bound's but bounded: 2 for [MASK], 1 for a wrong token, (B/N) e^{−γλ/2} for the right one with
/// the log signal-to-noise ratio λ = ln((1 − t)/t), at most 2 (GIDD, arXiv 2503.04482).
/// </summary>
/// <remarks>
/// At γ = 1 the bound's own proportion of right to wrong is r/(1 + r), where r is (B/N) e^{−λ/2}: nearly clean text has little to say of
/// its own tokens.
/// </remarks>
public sealed record DynamicWeights : IGiddWeighting
{
    private const double Most = 2;

    /// <inheritdoc/>
    public string Name => "dynamic e^-λ/2";

    /// <inheritdoc/>
    public double Of(Gidd process, double bound, double survival, bool masked, bool unchanged, int tokenCount) =>
        Math.Min(Most, Of(process, Math.Log((1 - survival) / survival), masked, unchanged, tokenCount));

    // Without a limit.
    internal static double Of(Gidd process, double noise, bool masked, bool unchanged, int states)
    {
        if (masked)
            return 2;
        if (!unchanged)
            return 1;
        return process.Peak / states * Math.Exp(process.Gamma / 2 * noise);
    }
}

/// <summary>
/// <see cref="DynamicWeights"/> as the public code of GIDD has them: sigmoid(−t) stands where −λ should, and the mask is counted as a
/// token.
/// </summary>
/// <param name="Most">w_max, which limits all of them; the published runs use 2.</param>
public sealed record ReleasedDynamicWeights(double Most = 2) : IGiddWeighting
{
    /// <inheritdoc cref="ReleasedDynamicWeights" path="/param"/>
    public double Most { get; } = Require.Positive(Most);

    /// <inheritdoc/>
    public string Name => "dynamic, as released";

    /// <inheritdoc/>
    public double Of(Gidd process, double bound, double survival, bool masked, bool unchanged, int tokenCount) =>
        Math.Min(Most, DynamicWeights.Of(process, 1 / (1 + Math.Exp(1 - survival)), masked, unchanged, tokenCount + 1));
}
