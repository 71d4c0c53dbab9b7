namespace Bench.Noise;

/// <summary>What a chain with given marginals does to a token that is masked already. The marginals do not tell, the posterior depends on it.</summary>
public enum Chain
{
    /// <summary>[MASK] is never left on the way to noise: SEDD, MDLM, HDLM.</summary>
    MaskAbsorbs,

    /// <summary>Every token jumps to a draw from one common, moving law; a masked one may become a word again: GIDD, XDLM.</summary>
    CommonDirection,
}
