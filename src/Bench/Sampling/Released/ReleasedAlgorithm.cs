namespace Bench.Sampling.Released;

/// <summary>The steps of HDLM's ε-hybrid samplers (arXiv 2504.06416), as its public code has them.</summary>
public enum ReleasedAlgorithm
{
    /// <summary>Masks are revealed; right.</summary>
    Original,

    /// <summary>Adaptive correction: visible tokens are also drawn anew, at random; the paper's words have the least certain ones. Shifted samplers never do.</summary>
    Acs,

    /// <summary>All masks are filled, and every token, old or new, is masked again with s/t: half way nearly all are masked where a share s should be.</summary>
    Remask,

    /// <summary>The same with visible tokens drawn anew before.</summary>
    RemaskShuffle,

    /// <summary>Masks are drawn from (1 − σ) π with σ on the mask, visible tokens stay: nearly all masks are revealed in the first step, and none comes back.</summary>
    ReMdm,
}
