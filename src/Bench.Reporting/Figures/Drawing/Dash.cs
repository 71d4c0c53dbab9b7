using ScottPlot;

namespace Bench.Reporting.Figures.Drawing;

/// <summary>
/// A line that is dashed: by ScottPlot on paper and in pixels, by an attribute in SVG. Skia would draw each dash there as a
/// shape of its own, which nobody could edit.
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
