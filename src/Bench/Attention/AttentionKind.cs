namespace Bench.Attention;

/// <summary>Who attends to whom among tokens of one kind (HDLM, arXiv 2504.06416).</summary>
public enum AttentionKind
{
    /// <summary>Everybody to everybody.</summary>
    Full,

    /// <summary>Backwards only.</summary>
    Causal,

    /// <summary>To whoever settles no later: within a block and to the blocks before it.</summary>
    BlockCausal,
}
