using Bench.Noise;
using Bench.Numerics;

namespace Bench.Objectives.Released;

/// <summary><see cref="DynamicWeights"/> as the public code of GIDD has them: sigmoid(−t) stands where −λ should, and the mask is counted as a word.</summary>
/// <param name="Most">w_max, which limits all of them; the published runs use 2.</param>
public sealed record ReleasedDynamicWeights(double Most = 2) : IGiddWeighting
{
    /// <inheritdoc cref="ReleasedDynamicWeights" path="/param"/>
    public double Most { get; } = Require.Positive(Most);

    /// <inheritdoc/>
    public string Name => "dynamic, as released";

    /// <inheritdoc/>
    public double Of(Gidd process, double bound, double survival, bool masked, bool unchanged, int words) =>
        Math.Min(Most, DynamicWeights.Of(process, 1 / (1 + Math.Exp(1 - survival)), masked, unchanged, words + 1));
}
