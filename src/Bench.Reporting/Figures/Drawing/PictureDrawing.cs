using System.Collections.Immutable;
using System.Globalization;
using Bench.Reporting.Figures.Styles;
using ScottPlot;
using SkiaSharp;
using Color = ScottPlot.Color;

namespace Bench.Reporting.Figures.Drawing;

/// <summary>Small pictures side by side, in one scale.</summary>
/// <param name="Grid">What they show.</param>
internal sealed record PictureDrawing(PictureGrid Grid) : IDrawing
{
    private const float Left = 34, Right = 6, Top = 18, Bottom = 30, NarrowGap = 14, WideGap = 22;

    // Positions, steps and keys are counted in these.
    private const int TickStep = 16, SmallTickStep = 8;

    // Steps are counted beside each panel, since their number differs.
    private float Gap => Grid.Kind == PictureKind.Levels ? WideGap : NarrowGap;

    public Sheet Draw(FigureStyle style)
    {
        float width = (style.Sizes.Width - Left - Right - ((Grid.Panels.Length - 1) * Gap)) / Grid.Panels.Length;
        float[] heights = [.. Grid.Panels.Select(panel => (float)(width * Ratio(panel)))];
        ImmutableArray<(MarkerShape, string, string)> key = Key(style);
        float panels = Top + heights.Max() + Bottom;
        var strip = key.IsEmpty ? ((Plot Plot, float Height)?)null : KeyStrip.Of(style, key);
        var sheet = new Sheet(style.Sizes.Width, panels + (strip?.Height ?? 0));
        var heading = StyledPlot.Blank(style, style.Sizes.Width, Top);
        foreach (var (i, panel) in Grid.Panels.Index())
        {
            float x = i == 0 ? 0 : Left + (i * (width + Gap)) - Gap;
            float left = i == 0 ? Left : Gap, right = i == Grid.Panels.Length - 1 ? Right : 0;
            string title = style.Fit(panel.Title, style.Sizes.Text, width + (2 * Right));
            StyledPlot.Write(heading, style, title, x + left + (width / 2), Top - 4, Alignment.LowerCenter, style.Sizes.Text,
                style.Light.Ink);
            var plot = Draw(style, panel, isFirst: i == 0);
            plot.Layout.Fixed(new PixelPadding(left, right, Bottom, Top));
            plot.Axes.Left.MinimumSize = left;
            sheet.Add(plot, new PixelRect(x, x + left + width + right, Top + heights[i] + Bottom, 0));
        }

        sheet.Add(heading, new PixelRect(0, style.Sizes.Width, Top, 0));
        if (strip is { } below)
            sheet.Add(below.Plot, new PixelRect(0, style.Sizes.Width, panels + below.Height, panels));
        return sheet;
    }

    // A position is as wide as a step is high; shares are drawn in a square.
    private double Ratio(PicturePanel panel) => Grid.Kind == PictureKind.Shares ? 1 : (double)panel.Rows.Length / panel.Rows[0].Length;

    private Plot Draw(FigureStyle style, PicturePanel panel, bool isFirst)
    {
        var plot = StyledPlot.Of(style);
        StyledPlot.Box(plot, style);
        bool isWordless = !isFirst && Grid.Kind != PictureKind.Levels;
        if (Grid.Kind == PictureKind.Shares)
        {
            plot.Axes.SetLimits(0, 1, 0, 1);
            StyledPlot.Ticks(plot.Axes.Bottom, [(0, "0"), (0.5, "½"), (1, "1")]);
            StyledPlot.Ticks(plot.Axes.Left, [(0, isWordless ? "" : "0"), (0.5, isWordless ? "" : "½"), (1, isWordless ? "" : "1")]);
            Areas(plot, style, panel);
        }
        else
        {
            int rows = panel.Rows.Length, columns = panel.Rows[0].Length, step = columns < 2 * TickStep ? SmallTickStep : TickStep;
            plot.Axes.SetLimits(0, columns, 0, rows);
            StyledPlot.Ticks(plot.Axes.Bottom,
                Enumerable.Range(0, ((columns - 1) / step) + 1).Select(i => ((i * step) + 0.5, Words(i * step))));
            StyledPlot.Ticks(plot.Axes.Left,
                Enumerable.Range(0, ((rows - 1) / step) + 1).Select(i => (rows - (i * step) - 0.5, isWordless ? "" : Words(i * step))));
            plot.Add.Plottable(new Cells([.. panel.Rows.Select(row => row.Select(Number).ToArray())], value => ColourOf(style, value)));
        }

        (plot.Axes.Bottom.Label.Text, plot.Axes.Left.Label.Text) = Grid.Kind switch
        {
            PictureKind.Levels => ("Position", "Step"),
            PictureKind.Attention => ("Key", "Query"),
            _ => ("Noise time t", "Share of tokens"),
        };
        if (!isFirst)
            plot.Axes.Left.Label.Text = "";
        return plot;
    }

    private string ColourOf(FigureStyle style, double value) =>
        Grid.Kind == PictureKind.Levels ? style.Light.Level(value) : value > 1 ? style.Light.Active : style.Light.Settled;

    private static void Areas(Plot plot, FigureStyle style, PicturePanel panel)
    {
        double[][] rows = [.. panel.Rows.Skip(1).Select(row => row.Select(Number).ToArray())];
        double[] times = [.. rows.Select(row => row[0])], kept = [.. rows.Select(row => row[1])],
            visible = [.. rows.Select(row => row[1] + row[2])];
        Fill(new double[times.Length], kept, style.Light.Kept);
        Fill(kept, visible, style.Light.Random);
        Fill(visible, [.. times.Select(_ => 1.0)], style.Light.Masked);

        void Fill(double[] low, double[] high, string colour)
        {
            var area = plot.Add.FillY(times, low, high);
            area.FillColor = new Color(colour);
            area.LineWidth = 0;
            area.MarkerSize = 0;
        }
    }

    private ImmutableArray<(MarkerShape, string, string)> Key(FigureStyle style) => Grid.Kind switch
    {
        PictureKind.Attention =>
            [(MarkerShape.FilledSquare, style.Light.Settled, "settled query"),
                (MarkerShape.FilledSquare, style.Light.Active, "active query")],
        PictureKind.Shares =>
            [(MarkerShape.FilledSquare, style.Light.Kept, "kept"), (MarkerShape.FilledSquare, style.Light.Random, "a random token"),
                (MarkerShape.FilledSquare, style.Light.Masked, "masked")],
        _ => [],
    };

    private static double Number(string value) => double.Parse(value, CultureInfo.InvariantCulture);

    private static string Words(int value) => value.ToString(CultureInfo.InvariantCulture);
}

/// <summary>
/// A matrix as shapes, the first row on top; 0 is left empty. ScottPlot's own heat map is a picture of pixels, which SVG and
/// PDF would smooth.
/// </summary>
/// <param name="values">By row and column, at least 0.</param>
/// <param name="colourOf">The colour of a value above 0.</param>
internal sealed class Cells(double[][] values, Func<double, string> colourOf) : IPlottable
{
    public bool IsVisible { get; set; } = true;

    public IAxes Axes { get; set; } = new Axes();

    public IEnumerable<LegendItem> LegendItems => LegendItem.None;

    public AxisLimits GetAxisLimits() => new(0, values[0].Length, 0, values.Length);

    // Each colour covers all cells of at least its value, and larger values lie on top: between cells no paper shines through.
    public void Render(RenderPack rp)
    {
        var colours = values.SelectMany(row => row).Where(value => value > 0).GroupBy(colourOf, StringComparer.Ordinal)
            .Select(group => (Colour: group.Key, Least: group.Min())).OrderBy(pair => pair.Least);
        foreach (var (colour, least) in colours)
        {
            using var shape = Shape(least);
            ScottPlot.Drawing.FillPath(rp.Canvas, rp.Paint, shape, new FillStyle { Color = new Color(colour), IsVisible = true });
        }
    }

    private SKPath Shape(double least)
    {
        var path = new SKPath();
        for (int row = 0; row < values.Length; row++)
        {
            for (int column = 0; column < values[row].Length;)
            {
                int cells = 0;
                while (column + cells < values[row].Length && values[row][column + cells] >= least)
                    cells++;
                if (cells > 0)
                    path.AddRect(
                        new SKRect(Axes.GetPixelX(column), Axes.GetPixelY(values.Length - row), Axes.GetPixelX(column + cells),
                            Axes.GetPixelY(values.Length - row - 1)));
                column += Math.Max(1, cells);
            }
        }

        // Rows become one outline.
        var outline = path.Simplify();
        if (outline is null)
            return path;
        path.Dispose();
        return outline;
    }
}

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

    /// <summary>
    /// Attention by query (rows) and key (columns): 0 is not permitted, 1 permitted to a settled query, 2 to an active one.
    /// </summary>
    Attention,

    /// <summary>A header, then noise time and the shares of tokens that are kept, drawn at random, and masked.</summary>
    Shares,
}

/// <summary>One picture of a <see cref="PictureGrid"/>.</summary>
/// <param name="Name">Part of its data file's name.</param>
/// <param name="Title">Above it.</param>
/// <param name="Rows">Its data: rows of equal length.</param>
public sealed record PicturePanel(string Name, string Title, ImmutableArray<ImmutableArray<string>> Rows);
