using System.Collections.Immutable;
using Bench.Reporting.Figures.Drawing;
using Bench.Results;

namespace Bench.Reporting.Figures.Frontiers;

/// <summary>Lines through settings, in panels above each other, each line named beside its end.</summary>
internal static class Frontier
{
    /// <summary>A figure of one or more panels; null where there is no point to draw.</summary>
    /// <param name="suffix">Its name after <c>frontier-</c>, or <c>sweep-</c>.</param>
    /// <param name="caption">What is shown.</param>
    /// <param name="horizontal">The axis that all panels share.</param>
    /// <param name="panels">From top to bottom.</param>
    /// <param name="hasDiagonal">Whether equality of both axes is drawn.</param>
    /// <param name="isSweep">Whether it is one; a sweep has bars over its intervals.</param>
    public static Figure? Of(string suffix, string caption, Axis horizontal, ImmutableArray<Panel> panels, bool hasDiagonal = false,
        bool isSweep = false)
    {
        panels = Drawable(horizontal, panels);
        if (panels.IsEmpty)
            return null;

        // Lines of another quantity are nothing to compare with.
        bool hasContext = panels.Any(panel => panels.Count(panel.IsLike) > 1);
        string name = $"{(isSweep ? "sweep" : "frontier")}-{suffix}";
        return new Figure(name, caption + (hasContext ? " Grey: the methods of the other panels." : ""),
            Draw(horizontal, panels, hasDiagonal, isSweep)).With($"{name}.csv", Rows(panels));
    }

    /// <summary>The drawing of panels that are all drawable.</summary>
    public static LineDrawing Draw(Axis horizontal, ImmutableArray<Panel> panels, bool hasDiagonal = false, bool isSweep = false)
    {
        List<Point> points = [.. panels.SelectMany(panel => panel.Lines).SelectMany(line => line.Points)];
        IEnumerable<double> beside = hasDiagonal
            ? [.. points.Select(point => point.Y.Value), 1]
            : horizontal.Reference is { } reference ? [reference.Value] : [];
        var (left, right) = horizontal.Range([.. points.Select(point => point.X), .. beside],
            Axis.Noise(points.Select(point => horizontal.Error(point.X, point.XError)).OfType<double>()));
        var ranges = panels.Select(panel => hasDiagonal ? (Low: left, High: right) : RangeOf(panel, panels, isSweep)).ToList();
        return new LineDrawing(
            horizontal,
            (horizontal.Place(left), horizontal.Place(right)),
            horizontal.Categories.IsEmpty
                ? horizontal.Labelled(
                    horizontal.MarksValues
                        ? Ticks.At(points.Select(point => point.X), horizontal, left, right)
                        : Ticks.Of(left, right, horizontal.IsLogarithmic), isEven: !horizontal.MarksValues)
                : [.. horizontal.Categories.Select((word, i) => (i + 1.0, word))],
            [.. panels.Zip(ranges, (panel, range) => (panel, panel.Vertical.Place(range.Low), panel.Vertical.Place(range.High)))])
        {
            HasDiagonal = hasDiagonal,
            HasBars = isSweep,
        };
    }

    // Panels of one quantity have one range.
    private static (double Low, double High) RangeOf(Panel panel, ImmutableArray<Panel> panels, bool isSweep)
    {
        List<Panel> alike = [.. panels.Where(panel.IsLike)];
        List<Point> points = [.. alike.SelectMany(other => other.Lines).SelectMany(line => line.Points)];
        return panel.Vertical.Range(
            [
                .. points.SelectMany(
                    point => isSweep && point.Y.Interval is { } interval
                        ? [interval.Low, point.Y.Value, interval.High]
                        : new[] { point.Y.Value }),
                .. alike.SelectMany(other => other.Levels).Select(level => level.Value),
                .. panel.Vertical.Reference is { } level ? new[] { level.Value } : [],
            ],
            Axis.Noise(points.Select(point => panel.Vertical.Error(point.Y)).OfType<double>()));
    }

    // Only what both axes can show; lines and panels of which nothing is left are left out.
    private static ImmutableArray<Panel> Drawable(Axis horizontal, ImmutableArray<Panel> panels) =>
    [
        .. panels
            .Select(panel => panel with
            {
                Lines =
                [
                    .. panel.Lines
                        .Select(
                            line =>
                                line with { Points =
                                    [.. line.Points.Where(point => horizontal.Has(point.X) && panel.Vertical.Has(point.Y.Value))] })
                        .Where(line => !line.Points.IsEmpty),
                ],
            })
            .Where(panel => panel.Lines.Any(line => line.Label.Length > 0)),
    ];

    private static IEnumerable<string[]> Rows(ImmutableArray<Panel> panels) => panels
        .SelectMany((panel, p) => panel.Lines.Select(line => (Panel: p, Line: line)))
        .SelectMany((pair, i) => pair.Line.Points.Select(point => new[]
        {
            CsvFormat.Field(pair.Panel + 1L), CsvFormat.Field(i + 1L), pair.Line.Method, pair.Line.Series, point.At,
            CsvFormat.Field(point.X), CsvFormat.Field(point.Y.Value), CsvFormat.Field(point.Y.Interval?.Low),
            CsvFormat.Field(point.Y.Interval?.High), point.IsMain ? "1" : "0",
        }))
        .Prepend(["panel", "line", "method", "series", "at", "x", "y", "y_low", "y_high", "is_main"]);
}
