using System.Collections.Immutable;

namespace Bench.Reporting.Figures;

/// <summary>Small pictures of one kind side by side.</summary>
/// <param name="Name">Of the figure.</param>
/// <param name="Kind">What they show.</param>
/// <param name="Caption">The same in words, for people.</param>
/// <param name="Panels">From left to right.</param>
public sealed record PictureGrid(string Name, PictureKind Kind, string Caption, ImmutableArray<PicturePanel> Panels);
