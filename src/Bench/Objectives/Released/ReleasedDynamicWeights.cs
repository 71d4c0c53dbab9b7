using Bench.Noise;

namespace Bench.Objectives.Released;

/// <summary><see cref="DynamicWeights"/> as the public code of GIDD has them: sigmoid(−t) stands where −λ should, and the mask is counted as a word.</summary>
public sealed record ReleasedDynamicWeights : IGiddWeighting
{
    /// <inheritdoc/>
    public string Name => "dynamic, as released";

    /// <inheritdoc/>
    public double Of(Gidd process, double bound, double survival, bool masked, bool unchanged, int words) =>
        DynamicWeights.Of(process, 1 / (1 + Math.Exp(1 - survival)), masked, unchanged, words + 1);
}
