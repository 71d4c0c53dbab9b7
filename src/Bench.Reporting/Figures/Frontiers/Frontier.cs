using System.Collections.Immutable;
using Bench.Results;

namespace Bench.Reporting.Figures.Frontiers;

/// <summary>Lines through settings, in panels above each other, each line named beside its end: the data of <c>frontier.gp</c> and <c>sweep.gp</c>.</summary>
internal static class Frontier
{
    // Points (1/72 inch): a paper's text width, and panels as high as their labels need.
    private const double Width = 440;
    private const double LeastPanel = 130;
    private const double LabelHeight = 10.5;
    private const double Frame = 26;
    private const int LongestLabel = 34;

    // gnuplot's shapes: dot, ring, square, open square, triangle, open triangle.
    private static readonly int[] Marks = [7, 6, 5, 4, 9, 8];

    /// <summary>A figure of one or more panels; null where there is no point to draw.</summary>
    /// <param name="suffix">Its name after <c>frontier-</c>, or <c>sweep-</c>.</param>
    /// <param name="caption">What is shown.</param>
    /// <param name="horizontal">The axis that all panels share.</param>
    /// <param name="panels">From top to bottom.</param>
    /// <param name="hasDiagonal">Whether equality of both axes is drawn.</param>
    /// <param name="template">Which of the two draws it; a sweep has bars over its intervals.</param>
    public static Figure? Of(string suffix, string caption, Axis horizontal, ImmutableArray<Panel> panels, bool hasDiagonal = false, string template = "frontier")
    {
        panels = Drawable(horizontal, panels);
        if (panels.IsEmpty)
            return null;

        List<(Panel Panel, Line Line)> lines = [.. panels.SelectMany(panel => panel.Lines, (panel, line) => (panel, line))];
        var points = lines.SelectMany(pair => pair.Line.Points).ToList();
        IEnumerable<double> beside = hasDiagonal ? [.. points.Select(point => point.Y.Value), 1] : horizontal.Reference is { } reference ? [reference.Value] : [];
        var (left, right) = horizontal.Range([.. points.Select(point => point.X), .. beside]);
        double panelHeight = Math.Max(LeastPanel, panels.Max(panel => LabelHeight * (panel.Lines.Count(line => line.Label.Length > 0) + 1)));

        // Lines of another quantity are nothing to compare with.
        string[] grey = [.. panels.Select(panel => panels.Count(other => other.Vertical == panel.Vertical) > 1 ? "1" : "0")];
        var figure = new Figure(template, $"-{suffix}", caption + (grey.Contains("1") ? " Grey: the methods of the other panels." : ""));
        figure.Add("curves", $"{figure.FileName}.csv", Rows(panels, lines));
        var ranges = panels.Select(panel => hasDiagonal ? (Low: left, High: right) : panel.Vertical.Range(
            [.. panels.Where(other => other.Vertical == panel.Vertical).SelectMany(other => other.Lines).SelectMany(line => line.Points).SelectMany(point => Reach(point, template)), .. panel.Vertical.Reference is { } level ? new[] { level.Value } : []])).ToList();
        figure.Add("labels", $"{template}-labels-{suffix}.csv", Labels(panels, lines, ranges, panelHeight));
        figure.Set("x_title", horizontal.Title);
        figure.Set("x_log", horizontal.IsLogarithmic ? 1 : 0);
        figure.Set("x_min", left);
        figure.Set("x_max", right);
        string words = horizontal.Categories.IsEmpty ? "" : Ticks.Text(horizontal.Categories);
        double[] ticks = words.Length > 0 ? [.. horizontal.Categories.Select((_, i) => i + 1.0)] : horizontal.MarksValues ? Ticks.At(points.Select(point => point.X), horizontal, left, right) : Ticks.Of(left, right, horizontal.IsLogarithmic);
        figure.Set("x_tics", words.Length > 0 ? words : Ticks.Text(ticks));
        figure.Set("x_marks", Ticks.Marks(ticks));
        figure.Set("x_reference", horizontal.Reference is { } line ? CsvFormat.Field(line.Value) : "");
        figure.Set("x_reference_words", horizontal.Reference?.Words ?? "");
        figure.Set("has_diagonal", hasDiagonal ? 1 : 0);
        figure.Set("title", [.. panels.Select(panel => panel.Title)]);
        figure.Set("y_title", [.. panels.Select(panel => panel.Vertical.Title)]);
        figure.Set("y_log", [.. panels.Select(panel => panel.Vertical.IsLogarithmic ? "1" : "0")]);
        figure.Set("y_min", [.. ranges.Select(range => CsvFormat.Field(range.Low))]);
        figure.Set("y_max", [.. ranges.Select(range => CsvFormat.Field(range.High))]);
        figure.Set("y_tics", [.. panels.Zip(ranges, (panel, range) => Ticks.Text(Ticks.Of(range.Low, range.High, panel.Vertical.IsLogarithmic)))]);
        figure.Set("y_reference", [.. panels.Select(panel => panel.Vertical.Reference is { } level ? CsvFormat.Field(level.Value) : "")]);
        figure.Set("y_reference_words", [.. panels.Select(panel => panel.Vertical.Reference?.Words ?? "")]);
        figure.Set("first", [.. panels.Select(panel => $"{lines.FindIndex(pair => pair.Panel == panel) + 1}")]);
        figure.Set("last", [.. panels.Select(panel => $"{lines.FindLastIndex(pair => pair.Panel == panel) + 1}")]);
        figure.Set("grey", [.. grey]);
        var styles = lines.Select(pair => Palette.Of(Index(pair.Panel, pair.Line))).ToList();
        figure.Set("colour", [.. styles.Select(style => style.Colour)]);
        figure.Set("dash", [.. styles.Select(style => $"{style.Dash}")]);
        figure.Set("mark", [.. lines.Select(pair => $"{Marks[pair.Line.Mark % Marks.Length]}")]);
        figure.Set("width", Width);
        figure.Set("panel_height", panelHeight);
        figure.Set("height", 30 + (panels.Length * (panelHeight + Frame)));
        figure.Set("label_width", 20 + (5.0 * lines.Max(pair => Math.Min(LongestLabel, pair.Line.Label.Length))));
        return figure;
    }

    private static IEnumerable<double> Reach(Point point, string template) =>
        template == "sweep" && point.Y.Interval is { } interval ? [interval.Low, interval.High] : [point.Y.Value];

    // Only what both axes can show; lines and panels of which nothing is left are left out.
    private static ImmutableArray<Panel> Drawable(Axis horizontal, ImmutableArray<Panel> panels) =>
    [
        .. panels
            .Select(panel => panel with
            {
                Lines =
                [
                    .. panel.Lines
                        .Select(line => line with { Points = [.. line.Points.Where(point => horizontal.Has(point.X) && panel.Vertical.Has(point.Y.Value))] })
                        .Where(line => !line.Points.IsEmpty),
                ],
            })
            .Where(panel => panel.Lines.Any(line => line.Label.Length > 0)),
    ];

    // Colours follow the method's name, not its rank, so that they stay when results change.
    private static int Index(Panel panel, Line line) =>
        Array.IndexOf([.. panel.Lines.Select(other => other.Method).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)], line.Method);

    private static IEnumerable<string[]> Rows(ImmutableArray<Panel> panels, List<(Panel Panel, Line Line)> lines) => lines
        .SelectMany((pair, i) => pair.Line.Points.Select(point => new[]
        {
            CsvFormat.Field(panels.IndexOf(pair.Panel) + 1L), CsvFormat.Field(i + 1L), pair.Line.Method, pair.Line.Series, point.At,
            CsvFormat.Field(point.X), CsvFormat.Field(point.Y.Value), CsvFormat.Field(point.Y.Interval?.Low), CsvFormat.Field(point.Y.Interval?.High), point.IsMain ? "1" : "0",
        }))
        .Prepend(["panel", "line", "method", "series", "at", "x", "y", "y_low", "y_high", "is_main"]);

    // The end of a line is where it is farthest to the right; labels keep the order of the ends, moved apart where they would touch.
    private static IEnumerable<string[]> Labels(
        ImmutableArray<Panel> panels, List<(Panel Panel, Line Line)> lines, List<(double Low, double High)> ranges, double panelHeight)
    {
        yield return ["panel", "line", "label", "x", "y", "position", "colour"];
        for (int p = 0; p < panels.Length; p++)
        {
            var axis = panels[p].Vertical;
            var ends = lines
                .Select((pair, i) => (pair.Panel, pair.Line, Index: i + 1L))
                .Where(named => named.Panel == panels[p] && named.Line.Label.Length > 0)
                .Select(named => (named.Line.Label, named.Index, End: named.Line.Points.MaxBy(point => point.X)!))
                .ToList();
            double low = axis.Place(ranges[p].Low), high = axis.Place(ranges[p].High);
            var places = LabelColumn.Spread([.. ends.Select(end => axis.Place(end.End.Y.Value))], LabelHeight * (high - low) / panelHeight, low, high);
            for (int i = 0; i < ends.Count; i++)
            {
                yield return
                [
                    CsvFormat.Field(p + 1L), CsvFormat.Field(ends[i].Index), Short(ends[i].Label),
                    CsvFormat.Field(ends[i].End.X), CsvFormat.Field(ends[i].End.Y.Value), CsvFormat.Field(axis.Value(places[i])),
                    $"{Convert.ToInt32(Palette.Of(Index(panels[p], lines[(int)ends[i].Index - 1].Line)).Colour[1..], 16)}",
                ];
            }
        }
    }

    private static string Short(string label) => label.Length <= LongestLabel ? label : label[..(LongestLabel - 1)] + "…";
}
