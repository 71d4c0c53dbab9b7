using System.Collections.Immutable;
using Bench.Reporting.Figures;
using Bench.Results;

namespace Bench.Reporting;

/// <summary>Pictures that explain rather than report: they depend on no run.</summary>
public static class Pictures
{
    // Points (1/72 inch): the text width of a paper.
    private const double Width = 440;

    /// <summary>Draws them as SVG, PDF and PNG, with their data beside them; what an earlier call made and this one does not is deleted.</summary>
    /// <param name="templates">Holds the gnuplot templates.</param>
    /// <param name="output">Where the pictures go.</param>
    /// <param name="grids">What to draw.</param>
    /// <returns>Everything written, relative to the output.</returns>
    /// <exception cref="SuiteException">gnuplot is missing, a template has a mistake, or the output cannot be written.</exception>
    public static ImmutableArray<string> Draw(string templates, string output, IEnumerable<PictureGrid> grids)
    {
        var folder = new ReportFolder(output);
        folder.Draw(templates, grids.Select(Figure));
        return folder.Finish();
    }

    /// <summary>A picture before it is drawn.</summary>
    internal static Figure Figure(PictureGrid grid)
    {
        var figure = new Figure(grid.Name, "", grid.Caption);
        foreach (var (i, panel) in grid.Panels.Index())
            figure.Add($"panel_{i + 1}", $"{grid.Name}-{panel.Name}.csv", panel.Rows.Select(row => (IReadOnlyList<string>)row));
        figure.Set("file", [.. grid.Panels.Select(panel => $"data/{grid.Name}-{panel.Name}.csv")]);
        figure.Set("title", [.. grid.Panels.Select(panel => panel.Title)]);
        figure.Set("down", [.. grid.Panels.Select(panel => $"{panel.Rows.Length}")]);
        figure.Set("across", [.. grid.Panels.Select(panel => $"{panel.Rows[0].Length}")]);
        figure.Set("width", Width);
        return figure;
    }
}
