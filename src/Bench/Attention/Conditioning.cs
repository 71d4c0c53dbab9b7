namespace Bench.Attention;

/// <summary>What a backbone learns of the noise level.</summary>
public enum Conditioning
{
    /// <summary>No time network and no modulation: the AR variant.</summary>
    Absent,

    /// <summary>The number 0 is fed instead of σ: parameters stay, the modulation becomes a learned constant (MDLM's default).</summary>
    Constant,

    /// <summary>σ of each sequence, or of each token where they differ.</summary>
    Sigma,

    /// <summary>The time 1 − e^{−σ} in [0, 1] in the place of σ (GIDD, arXiv 2503.04482).</summary>
    Time,
}
