using Bench.Reporting.Figures.Styles;
using ScottPlot;
using SkiaSharp;

namespace Bench.Reporting.Figures.Drawing;

/// <summary>
/// Plots at fixed places of a page. ScottPlot's own multiplot places them by shares of the page, which would stretch with it.
/// </summary>
/// <param name="width">In points (1/72 inch).</param>
/// <param name="height">In points.</param>
internal sealed class Sheet(float width, float height)
{
    private readonly List<(Plot Plot, PixelRect Place)> plots = [];

    private readonly List<Dash> dashes = [];

    public float Width => width;

    public float Height => height;

    public void Add(Plot plot, PixelRect place)
    {
        plot.RenderManager.ClearCanvasBeforeEachRender = false; // the plots beside it are there

        // ScottPlot draws a plot twice when its size is new, the second time over the first.
        using var nowhere = new SKNoDrawCanvas((int)Math.Ceiling(width), (int)Math.Ceiling(height));
        plot.Render(nowhere, place);
        plots.Add((plot, place));
    }

    /// <summary>Makes a line dashed.</summary>
    public void Dash(LineStyle line, params float[] intervals) => dashes.Add(new Dash(line, intervals));

    /// <summary>Dashes and gaps of the lines that are marked so in SVG, in the order of the marks <see cref="FirstMark"/> and up.</summary>
    public IEnumerable<float[]> Dashes => dashes.Select(dash => dash.Intervals);

    /// <summary>The limit of miters of the first dashed line.</summary>
    public const int FirstMark = 1000;

    /// <summary>Draws it in units of points.</summary>
    public void Render(SKCanvas target, bool isSvg = false)
    {
        foreach (var (i, dash) in dashes.Index())
            dash.Draw(isSvg, FirstMark + i);
        foreach (var (plot, place) in plots)
            plot.Render(target, place);
    }
}

/// <summary>
/// A line that is dashed: by ScottPlot on paper and in pixels, by an attribute in SVG. Skia would draw each dash there as a
/// shape of its own, which could not be edited.
/// </summary>
/// <param name="Line">The line.</param>
/// <param name="Intervals">Lengths of dashes and gaps in turn, in points.</param>
internal sealed record Dash(LineStyle Line, float[] Intervals)
{
    /// <summary>Draws it with dashes, or marked by a limit of miters that no other line has.</summary>
    public void Draw(bool asAttribute, float mark)
    {
        Line.Pattern = asAttribute ? LinePattern.Solid : new LinePattern(Intervals, 0, "dashes");
        Line.StrokeMiter = asAttribute ? mark : 4;
    }
}

/// <summary>A kind of figure with what it shows.</summary>
internal interface IDrawing
{
    /// <summary>Lays it out; every call makes plots of its own, so figures can be drawn side by side.</summary>
    Sheet Draw(FigureStyle style);
}
