using System.Collections.Immutable;

namespace Bench.Reporting.Figures.Drawing;

/// <summary>Small pictures of one kind side by side.</summary>
/// <param name="Name">Of the figure.</param>
/// <param name="Kind">What they show.</param>
/// <param name="Caption">The same as text.</param>
/// <param name="Panels">From left to right.</param>
public sealed record PictureGrid(string Name, PictureKind Kind, string Caption, ImmutableArray<PicturePanel> Panels);

/// <summary>What the panels of a <see cref="PictureGrid"/> show.</summary>
public enum PictureKind
{
    /// <summary>Noise levels from 0 to 1, by step (rows) and position (columns).</summary>
    Levels,

    /// <summary>Attention by query (rows) and key (columns): 0 is not permitted, 1 permitted to a settled query, 2 to an active one.</summary>
    Attention,

    /// <summary>A header, then noise time and the shares of tokens that are kept, drawn at random, and masked.</summary>
    Shares,
}

/// <summary>One picture of a <see cref="PictureGrid"/>.</summary>
/// <param name="Name">Part of its data file's name.</param>
/// <param name="Title">Above it.</param>
/// <param name="Rows">Its data: rows of equal length.</param>
public sealed record PicturePanel(string Name, string Title, ImmutableArray<ImmutableArray<string>> Rows);
