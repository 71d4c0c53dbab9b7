using Bench.Reporting.Figures;
using Bench.Reporting.Figures.Drawing;

namespace Bench.Reporting;

/// <summary>Pictures that explain rather than report: they depend on no run.</summary>
internal static class Pictures
{
    /// <summary>A picture before it is drawn.</summary>
    public static Figure Figure(PictureGrid grid)
    {
        var figure = new Figure(grid.Name, grid.Caption, new PictureDrawing(grid));
        foreach (var panel in grid.Panels)
            figure.With($"{grid.Name}-{panel.Name}.csv", panel.Rows.Select(row => (IReadOnlyList<string>)row));
        return figure;
    }
}
