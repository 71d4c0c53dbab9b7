using System.Collections.Immutable;
using Bench.Reporting.Comparisons;
using Bench.Reporting.Figures.Styles;
using ScottPlot;
using Color = ScottPlot.Color;

namespace Bench.Reporting.Figures.Drawing;

/// <summary>A dot with an error bar in a row of its own, what it is called on the left and its number on the right.</summary>
/// <param name="Title">Quantity and unit.</param>
/// <param name="Rows">From top to bottom.</param>
internal sealed record DotDrawing(string Title, ImmutableArray<DotRow> Rows) : IDrawing
{
    private const float Top = 4, Bottom = 32;

    public Sheet Draw(FigureStyle style)
    {
        var sizes = style.Sizes;
        string[] names = [.. Rows.Select(row => style.Fit(row.Name, sizes.Labels, sizes.LabelWidth))];
        float left = names.Max(name => style.Width(name, sizes.Labels)) + StyledPlot.Gap + 6;
        float right = EndLabels.WidthOf(style, Rows.Select(row => row.Text));
        var (key, keyHeight) = KeyStrip.Of(style, [.. Key(style)]);
        float height = Top + (Rows.Length * sizes.Row) + Bottom;
        var sheet = new Sheet(sizes.Width, height + keyHeight);

        var plot = StyledPlot.Of(style);
        var axis = new Axis(Title);
        var (low, high) = axis.Range(
            Rows.SelectMany(row => new[] { row.Value - row.Error, row.Value + row.Error }), Axis.Noise(Rows.Select(row => row.Error)));
        plot.Axes.SetLimits(low, high, 0.4, Rows.Length + 0.6);
        StyledPlot.Ticks(plot.Axes.Bottom, axis.Ticks(low, high));
        StyledPlot.Ticks(plot.Axes.Left, names.Select((name, i) => ((double)(Rows.Length - i), name)));
        StyledPlot.Grid(plot.Grid.XAxisStyle, style);
        StyledPlot.Grid(plot.Grid.YAxisStyle, style);
        sheet.Dash(plot.Grid.YAxisStyle.MajorLineStyle, 1, 2);
        plot.Axes.Left.FrameLineStyle.IsVisible = false;
        plot.Axes.Left.MajorTickStyle.Length = 0;
        StyledPlot.Write(plot.Axes.Left.TickLabelStyle, style, sizes.Labels, style.Light.Ink);
        StyledPlot.Lower(plot.Axes.Left.TickLabelStyle);
        plot.Axes.Bottom.Label.Text = style.Legible(Title);
        foreach (var (i, row) in Rows.Index())
        {
            double y = Rows.Length - i;
            var colour = new Color(ColourOf(style, row));
            if (row.Error > 0)
            {
                var bar = plot.Add.Line(row.Value - row.Error, y, row.Value + row.Error, y);
                bar.LineWidth = style.Lines.Bar;
                bar.LineColor = colour;
            }

            plot.Add.Marker(row.Value, y, ShapeOf(row), sizes.Mark * 1.3f, colour);
        }

        plot.Axes.AddPanel(new EndLabels(style, [.. Rows.Select((row, i) => (row.Text, (double)(Rows.Length - i), style.Light.Ink))]));
        plot.Layout.Fixed(new PixelPadding(left, right, Bottom, Top));
        sheet.Add(plot, new PixelRect(0, sizes.Width, height, 0));
        sheet.Add(key, new PixelRect(0, sizes.Width, height + keyHeight, height));
        return sheet;
    }

    private IEnumerable<(MarkerShape Shape, string Colour, string Words)> Key(FigureStyle style)
    {
        foreach (var family in Comparisons.Family.All.Where(family => Rows.Any(row => row.Family == family)))
            yield return (MarkerShape.FilledSquare, style.Light.Families[family.Key], family.Title);
        if (Rows.Any(row => row.Family is null))
            yield return (MarkerShape.FilledSquare, style.Light.Baseline, "n-gram models");
        if (Rows.Any(row => row.IsBound) && Rows.Any(row => !row.IsBound))
        {
            yield return (MarkerShape.FilledCircle, style.Light.Ink, "exact");
            yield return (MarkerShape.FilledDiamond, style.Light.Ink, "upper bound");
        }
    }

    private static MarkerShape ShapeOf(DotRow row) => row.IsBound ? MarkerShape.FilledDiamond : MarkerShape.FilledCircle;

    private static string ColourOf(FigureStyle style, DotRow row) =>
        row.Family is { } family ? style.Light.Families[family.Key] : style.Light.Baseline;
}

/// <summary>A dot.</summary>
/// <param name="Name">What it is of.</param>
/// <param name="Family">Its colour; null for a baseline.</param>
/// <param name="Value">Where it stands.</param>
/// <param name="Error">One standard error to each side; 0 for none.</param>
/// <param name="IsBound">Whether the true value is at most this one.</param>
/// <param name="Text">Value and error, written beside it.</param>
internal sealed record DotRow(string Name, Family? Family, double Value, double Error, bool IsBound, string Text);
