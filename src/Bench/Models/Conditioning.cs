namespace Bench.Models;

/// <summary>What a backbone learns of the noise level.</summary>
public enum Conditioning
{
    /// <summary>No time network and no modulation: the AR variant.</summary>
    Absent,

    /// <summary>The number 0 is fed instead of σ: parameters stay, the modulation becomes a learned constant (MDLM's default).</summary>
    Constant,

    /// <summary>σ of the sequence.</summary>
    Sigma,
}
