namespace Bench.Hyperschedules;

/// <summary>What a position is to one network call (HDLM, arXiv 2504.06416).</summary>
public enum Region
{
    /// <summary>Final: context only, its keys and values may be cached.</summary>
    Settled,

    /// <summary>Between pure noise and settled: updated by this call, or, in a table with pauses, waiting half denoised.</summary>
    Active,

    /// <summary>Still pure noise and not updated now: it carries no information and nobody may attend to it.</summary>
    Worthless,
}
