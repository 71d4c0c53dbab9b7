namespace Bench.Reporting.Figures;

/// <summary>What the panels of a <see cref="PictureGrid"/> show.</summary>
public enum PictureKind
{
    /// <summary>Noise levels from 0 to 1, by step (rows) and position (columns).</summary>
    Levels,

    /// <summary>Attention by query (rows) and key (columns): 0 is blocked, 1 a settled query, 2 an active one.</summary>
    Attention,

    /// <summary>A header, then noise time and the shares of tokens that are kept, drawn at random, and masked.</summary>
    Shares,
}
