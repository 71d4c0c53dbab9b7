using System.Collections.Immutable;

namespace Bench.Reporting.Figures;

/// <summary>Small pictures of one kind side by side, drawn by the template of that name.</summary>
/// <param name="Name">Of the template, <c>reports/figures/&lt;name&gt;.gp</c>, and of what is drawn.</param>
/// <param name="Caption">What is shown, for people.</param>
/// <param name="Panels">From left to right.</param>
public sealed record PictureGrid(string Name, string Caption, ImmutableArray<Panel> Panels)
{
    /// <summary>Tells pictures of one template apart; mostly empty.</summary>
    public string Suffix { get; init; } = "";
}

/// <summary>One of them.</summary>
/// <param name="Name">Part of its data file's name.</param>
/// <param name="Title">Above it.</param>
/// <param name="Rows">Its data: rows of equal length, as the template reads them.</param>
public sealed record Panel(string Name, string Title, ImmutableArray<ImmutableArray<string>> Rows);
