using System.Collections.Immutable;

namespace Bench.Reporting.Figures;

/// <summary>One picture of a <see cref="PictureGrid"/>.</summary>
/// <param name="Name">Part of its data file's name.</param>
/// <param name="Title">Above it.</param>
/// <param name="Rows">Its data: rows of equal length.</param>
public sealed record PicturePanel(string Name, string Title, ImmutableArray<ImmutableArray<string>> Rows);
