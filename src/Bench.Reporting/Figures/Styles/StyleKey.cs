using System.Collections.Immutable;

namespace Bench.Reporting.Figures.Styles;

/// <summary>A key of the style file, and what may stand there.</summary>
/// <param name="Path">Dotted, such as <c>sizes.width</c>.</param>
/// <param name="Kind">What its value is.</param>
/// <param name="Low">The least number, or the least count of colours.</param>
/// <param name="High">The largest.</param>
internal sealed record StyleKey(string Path, StyleKind Kind, double Low = 0, double High = 0)
{
    private static readonly string[] Plain = ["paper", "ink", "axis", "grid", "context", "leader", "baseline"];

    private static readonly string[] Pictures = ["attention.settled", "attention.active", "shares.kept", "shares.random", "shares.masked"];

    private const double LeastPage = 200, MostPage = 2000;

    /// <summary>All of them; each must be there.</summary>
    public static ImmutableArray<StyleKey> All { get; } =
    [
        new("font.file", StyleKind.Text),
        new("font.family", StyleKind.Text),
        new("sizes.width", StyleKind.Number, LeastPage, MostPage),
        new("sizes.panel", StyleKind.Number, 20, MostPage),
        new("sizes.row", StyleKind.Number, 4, 100),
        new("sizes.text", StyleKind.Number, 3, 40),
        new("sizes.ticks", StyleKind.Number, 3, 40),
        new("sizes.labels", StyleKind.Number, 3, 40),
        new("sizes.label-distance", StyleKind.Number, 3, 80),
        new("sizes.label-width", StyleKind.Number, 20, MostPage),
        new("sizes.mark", StyleKind.Number, 0.5, 40),
        new("sizes.main-mark", StyleKind.Number, 0.5, 40),
        new("sizes.dpi", StyleKind.Number, 36, 1200),
        .. new[] { "curve", "context", "leader", "grid", "frame", "reference", "bar" }.Select(name => new StyleKey($"lines.{name}", StyleKind.Number, 0.05, 20)),
        .. new[] { "light", "dark" }.SelectMany(Colours),
    ];

    private static IEnumerable<StyleKey> Colours(string scheme) =>
    [
        .. Plain.Select(name => new StyleKey($"{scheme}.{name}", StyleKind.Colour)),
        new($"{scheme}.series", StyleKind.Colours, 1, 24),
        .. Comparisons.Family.All.Select(family => new StyleKey($"{scheme}.families.{family.Key}", StyleKind.Colour)),
        new($"{scheme}.levels", StyleKind.Colours, 4, 4),
        .. Pictures.Select(name => new StyleKey($"{scheme}.{name}", StyleKind.Colour)),
    ];
}
