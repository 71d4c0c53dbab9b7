using Bench.Reporting.Figures;

namespace Bench.Reporting;

/// <summary>Pictures that explain rather than report: they depend on no run.</summary>
internal static class Pictures
{
    // Points (1/72 inch): the text width of a paper.
    private const double Width = 440;

    /// <summary>A picture before it is drawn.</summary>
    public static Figure Figure(PictureGrid grid)
    {
        var figure = new Figure(grid.Name, grid.Suffix, grid.Caption);
        foreach (var (i, panel) in grid.Panels.Index())
            figure.Add($"panel_{i + 1}", $"{grid.Name}{grid.Suffix}-{panel.Name}.csv", panel.Rows.Select(row => (IReadOnlyList<string>)row));
        figure.Set("file", [.. grid.Panels.Select(panel => $"data/{grid.Name}{grid.Suffix}-{panel.Name}.csv")]);
        figure.Set("title", [.. grid.Panels.Select(panel => panel.Title)]);
        figure.Set("down", [.. grid.Panels.Select(panel => $"{panel.Rows.Length}")]);
        figure.Set("across", [.. grid.Panels.Select(panel => $"{panel.Rows[0].Length}")]);
        figure.Set("width", Width);
        return figure;
    }
}
