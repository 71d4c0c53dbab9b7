using ScottPlot;
using SkiaSharp;
using Color = ScottPlot.Color;

namespace Bench.Reporting.Figures.Drawing;

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
        var colours = values.SelectMany(row => row).Where(value => value > 0).GroupBy(colourOf, StringComparer.Ordinal).Select(group => (Colour: group.Key, Least: group.Min())).OrderBy(pair => pair.Least);
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
                    path.AddRect(new SKRect(Axes.GetPixelX(column), Axes.GetPixelY(values.Length - row), Axes.GetPixelX(column + cells), Axes.GetPixelY(values.Length - row - 1)));
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
