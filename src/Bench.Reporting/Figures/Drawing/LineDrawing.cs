using System.Collections.Immutable;
using Bench.Reporting.Figures.Styles;
using ScottPlot;
using Axis = Bench.Reporting.Figures.Drawing.Axis;
using Color = ScottPlot.Color;
using Line = Bench.Reporting.Figures.Drawing.Line;
using Panel = Bench.Reporting.Figures.Drawing.Panel;

namespace Bench.Reporting.Figures.Drawing;

/// <summary>Lines in panels that stand above each other and share the horizontal axis; each line is named at the right.</summary>
/// <param name="Horizontal">The shared axis.</param>
/// <param name="Range">Its ends, in places along it.</param>
/// <param name="Ticks">Places along it, and what is written there.</param>
/// <param name="Panels">From top to bottom, with the ends of their vertical axes in places.</param>
internal sealed record LineDrawing(
    Axis Horizontal, (double Low, double High) Range, ImmutableArray<(double Place, string Words)> Ticks,
    ImmutableArray<(Panel Panel, double Low, double High)> Panels) : IDrawing
{
    // Points: above a panel with a title and without one, below the last panel, and below the others.
    private const float Heading = 16, Top = 6, Bottom = 32, Between = 8;

    // Leaders run through this much of the axis beyond the last point.
    private const double Margin = 0.04;

    private static readonly MarkerShape[] Shapes = [MarkerShape.FilledCircle, MarkerShape.FilledSquare, MarkerShape.FilledTriangleUp];

    /// <summary>Whether equality of both axes is drawn.</summary>
    public bool HasDiagonal { get; init; }

    /// <summary>Whether points have bars over their intervals.</summary>
    public bool HasBars { get; init; }

    private double End => Range.High + (Margin * (Range.High - Range.Low));

    public Sheet Draw(FigureStyle style)
    {
        var sizes = style.Sizes;
        var ticks = Panels.Select(panel => panel.Panel.Vertical.Ticks(panel.Low, panel.High)).ToList();
        float left = ticks.SelectMany(all => all).Select(tick => style.Width(tick.Words, sizes.Ticks)).DefaultIfEmpty(0).Max()
            + StyledPlot.TickLength + (3 * StyledPlot.Gap) + (1.4f * sizes.Text);
        float right = EndLabels.WidthOf(style, Panels.SelectMany(panel => Names(panel.Panel)));
        float panelHeight = Math.Max(sizes.Panel, sizes.LabelDistance * (Panels.Max(panel => Names(panel.Panel).Count()) + 1));
        float[] tops = [.. Panels.Select(panel => panel.Panel.Title.Length > 0 ? Heading : Top)];
        float[] bottoms = [.. Panels.Select((_, p) => p == Panels.Length - 1 ? Bottom : Between)];
        var sheet = new Sheet(sizes.Width, tops.Sum() + bottoms.Sum() + (Panels.Length * panelHeight));
        float y = 0;
        foreach (var (p, (panel, low, high)) in Panels.Index())
        {
            if (panel.Title.Length > 0)
            {
                var heading = StyledPlot.Blank(style, sizes.Width, Heading);
                StyledPlot.Write(heading, style, panel.Title, left, Heading - 4, Alignment.LowerLeft, sizes.Text, style.Light.Ink);
                sheet.Add(heading, new PixelRect(0, sizes.Width, y + Heading, y));
            }

            var plot =
                Draw(sheet, style, panel, low, high, ticks[p], isLast: p == Panels.Length - 1, panelHeight, sizes.Width - left - right);
            plot.Axes.Left.MinimumSize = left;
            plot.Layout.Fixed(new PixelPadding(left, right, bottoms[p], tops[p]));
            float height = tops[p] + panelHeight + bottoms[p];
            sheet.Add(plot, new PixelRect(0, sizes.Width, y + height, y));
            y += height;
        }

        return sheet;
    }

    private Plot Draw(Sheet sheet, FigureStyle style, Panel panel, double low, double high,
        ImmutableArray<(double Place, string Words)> ticks, bool isLast, float height, float width)
    {
        var plot = StyledPlot.Of(style);
        plot.Axes.SetLimits(Range.Low, End, low, high);
        StyledPlot.Ticks(plot.Axes.Left, ticks);
        StyledPlot.Ticks(plot.Axes.Bottom, isLast ? Apart(style, width) : Ticks.Select(tick => (tick.Place, "")));
        StyledPlot.Grid(plot.Grid.YAxisStyle, style);
        plot.Axes.Left.Label.Text = style.Legible(panel.Vertical.Title);
        plot.Axes.Bottom.Label.Text = isLast ? style.Legible(Horizontal.Title) : "";

        foreach (var line in Panels.Where(other => other.Panel != panel && other.Panel.IsLike(panel))
            .SelectMany(other => other.Panel.Lines))
            Connect(plot, panel, line, style.Lines.Context, style.Light.Context, style.Sizes.Mark / 2);
        References(sheet, plot, style, panel, low, high);

        var labels = Labels(style, panel, low, high, height, width);
        foreach (var (_, _, x, end, place) in labels)
            Stroke(plot, x, end, End, place, style.Lines.Leader, style.Light.Leader);
        foreach (var line in panel.Lines)
        {
            var (colour, dashes) = Look(style, panel, line);
            if (HasBars)
                Bars(plot, style, panel, line, colour, low);
            if (Connect(plot, panel, line, style.Lines.Curve, colour, mark: 0) is { } curve && dashes.Length > 0)
                sheet.Dash(curve, dashes);
        }

        foreach (var line in panel.Lines)
            Marks(plot, style, panel, line);
        plot.Axes.AddPanel(new EndLabels(style, [.. labels.Select(label => (label.Text, label.Place, label.Colour))]));
        return plot;
    }

    // Ticks whose labels would touch those before them have none.
    private IEnumerable<(double Place, string Words)> Apart(FigureStyle style, float width)
    {
        double end = double.NegativeInfinity;
        foreach (var (place, words) in Ticks)
        {
            string legible = style.Legible(words);
            double half = style.Width(legible, style.Sizes.Ticks) / 2, centre = (place - Range.Low) / (End - Range.Low) * width;
            bool fits = centre - half >= end + StyledPlot.Gap;
            if (fits)
                end = centre + half;
            yield return (place, fits ? legible : "");
        }
    }

    private void References(Sheet sheet, Plot plot, FigureStyle style, Panel panel, double low, double high)
    {
        if (HasDiagonal)
            Dashed(sheet, plot, style, Math.Max(Range.Low, low), Math.Max(Range.Low, low), Math.Min(End, high), Math.Min(End, high));
        foreach (var (value, _) in panel.Levels)
            Dashed(sheet, plot, style, Range.Low, panel.Vertical.Place(value), End, panel.Vertical.Place(value));
        if (Horizontal.Reference is { } across)
        {
            double place = Horizontal.Place(across.Value);
            Dashed(sheet, plot, style, place, low, place, high);

            // Below, unless points are there and not above.
            bool isAbove = Crowd(panel, place, low, high, isAbove: false) > Crowd(panel, place, low, high, isAbove: true);
            var words = StyledPlot.Write(plot, style, across.Words, place, isAbove ? high : low,
                isAbove ? Alignment.UpperLeft : Alignment.LowerLeft, style.Sizes.Labels, style.Light.Baseline);
            (words.OffsetX, words.OffsetY) = (StyledPlot.Gap, isAbove ? 0 : -StyledPlot.Gap);
        }

        if (panel.Vertical.Reference is { } level)
        {
            Dashed(sheet, plot, style, Range.Low, panel.Vertical.Place(level.Value), End, panel.Vertical.Place(level.Value));
            var words = StyledPlot.Write(plot, style, level.Words, End, panel.Vertical.Place(level.Value), Alignment.LowerRight,
                style.Sizes.Labels, style.Light.Baseline);
            (words.OffsetX, words.OffsetY) = (-StyledPlot.Gap, -1);
        }
    }

    // How much is drawn where the label of a vertical line would stand, in a share of the panel to the right of the line: points, and a
    // level that runs through all of it.
    private int Crowd(Panel panel, double place, double low, double high, bool isAbove)
    {
        const double width = 0.15, height = 0.15;
        bool IsThere(double y) => (isAbove ? high - y : y - low) is var away && away >= 0 && away < height * (high - low);
        return panel.Lines.SelectMany(line => line.Points).Count(point =>
                Horizontal.Place(point.X) - place is var x && x >= 0 && x < width * (Range.High - Range.Low)
                    && IsThere(panel.Vertical.Place(point.Y.Value)))
            + (panel.Vertical.Reference is { } level && IsThere(panel.Vertical.Place(level.Value)) ? 2 : 0);
    }

    private LineStyle? Connect(Plot plot, Panel panel, Line line, float width, string colour, float mark)
    {
        if (line.Points.Length == 1)
        {
            if (mark > 0)
                plot.Add.Marker(Horizontal.Place(line.Points[0].X), panel.Vertical.Place(line.Points[0].Y.Value), MarkerShape.FilledCircle,
                    mark, new Color(colour));
            return null;
        }

        var curve = plot.Add.Scatter(
            line.Points.Select(point => Horizontal.Place(point.X)).ToArray(),
            line.Points.Select(point => panel.Vertical.Place(point.Y.Value)).ToArray(), new Color(colour));
        curve.LineWidth = width;
        curve.MarkerSize = 0;
        return curve.LineStyle;
    }

    private void Bars(Plot plot, FigureStyle style, Panel panel, Line line, string colour, double low)
    {
        foreach (var point in line.Points)
        {
            if (point.Y.Interval is { } interval && panel.Vertical.Has(interval.High))
                Stroke(plot, Horizontal.Place(point.X), panel.Vertical.Has(interval.Low) ? panel.Vertical.Place(interval.Low) : low,
                    Horizontal.Place(point.X), panel.Vertical.Place(interval.High), style.Lines.Bar, colour);
        }
    }

    // An open mark is filled with the colour of the paper, which hides the line that it lies on.
    private void Marks(Plot plot, FigureStyle style, Panel panel, Line line)
    {
        var (colour, _) = Look(style, panel, line);
        foreach (var point in line.Points)
        {
            float size = point.IsMain ? style.Sizes.MainMark : style.Sizes.Mark;
            var mark = plot.Add.Marker(Horizontal.Place(point.X), panel.Vertical.Place(point.Y.Value),
                Shapes[line.Mark / 2 % Shapes.Length], size, new Color(colour));
            if (line.Mark % 2 == 0)
                continue;
            mark.MarkerFillColor = new Color(style.Light.Paper);
            mark.MarkerStyle.OutlineColor = new Color(colour);
            mark.MarkerStyle.OutlineWidth = style.Lines.Bar;
        }
    }

    private static void Dashed(Sheet sheet, Plot plot, FigureStyle style, double x1, double y1, double x2, double y2) =>
        sheet.Dash(Stroke(plot, x1, y1, x2, y2, style.Lines.Reference, style.Light.Baseline).LineStyle, 3, 2.4f);

    private static ScottPlot.Plottables.LinePlot Stroke(Plot plot, double x1, double y1, double x2, double y2, float width, string colour)
    {
        var line = plot.Add.Line(x1, y1, x2, y2);
        line.LineWidth = width;
        line.LineColor = new Color(colour);
        return line;
    }

    private static IEnumerable<string> Names(Panel panel) =>
        [.. panel.Lines.Select(line => line.Label).Where(label => label.Length > 0), .. panel.Levels.Select(level => level.Name)];

    // A line's end is where it is farthest to the right; a level is named at the right edge.
    private ImmutableArray<(string Text, string Colour, double X, double Y, double Place)> Labels(FigureStyle style, Panel panel,
        double low, double high, float height, float width)
    {
        (string Text, string Colour, double X, double Y)[] ends =
        [
            .. from line in panel.Lines
               where line.Label.Length > 0
               let end = line.Points.MaxBy(point => point.X)!
               select (line.Label, Look(style, panel, line).Colour, Horizontal.Place(end.X), panel.Vertical.Place(end.Y.Value)),
            .. panel.Levels.Select(level => (level.Name, style.Light.Baseline, Range.High, panel.Vertical.Place(level.Value))),
        ];

        // In points of the page, where lengths of leaders compare.
        double across = width / (End - Range.Low), down = height / (high - low);
        var places = LabelColumn.Place([.. ends.Select(end => ((End - end.X) * across, (end.Y - low) * down))], style.Sizes.LabelDistance,
            0, height);
        return [.. ends.Select((end, i) => (end.Text, end.Colour, end.X, end.Y, (places[i] / down) + low))];
    }

    // Baselines are grey; a family's lines have the colours of their methods' places in it, in every figure.
    private static (string Colour, float[] Dashes) Look(FigureStyle style, Panel panel, Line line)
    {
        if (line.IsBaseline)
            return (style.Light.Baseline, []);
        Line[] drawn = [.. panel.Lines.Where(other => !other.IsBaseline)];
        int index = line.Place is { } place && drawn.All(other => other.Family == line.Family && other.Place is not null)
            ? place
            : Array.IndexOf([.. drawn.Select(other => other.Method).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)],
                line.Method);
        int count = style.Light.Series.Length;
        return (style.Light.Series[index % count],
            (index / count) switch { 0 => [], 1 => [4, 2.5f], 2 => [1.2f, 1.8f], _ => [6, 2, 1.2f, 2] });
    }
}
