using Bench.Noise;

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
