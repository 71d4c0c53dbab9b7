using Bench.Noise;
using Bench.Numerics;

namespace Bench.Objectives;

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
