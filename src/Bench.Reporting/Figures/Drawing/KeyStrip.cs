using System.Collections.Immutable;
using Bench.Reporting.Figures.Styles;
using ScottPlot;
using Color = ScottPlot.Color;

namespace Bench.Reporting.Figures.Drawing;

/// <summary>What colours and marks mean, in a row below the panels.</summary>
internal static class KeyStrip
{
    /// <summary>In points.</summary>
    public const float Height = 16;

    private const float Between = 14, Mark = 8;

    /// <summary>The row as a plot, as wide as the figure; entries that do not fit go to further rows.</summary>
    public static (Plot Plot, float Height) Of(FigureStyle style, ImmutableArray<(MarkerShape Shape, string Colour, string Words)> entries)
    {
        float WidthOf((MarkerShape, string, string Words) entry) => Mark + StyledPlot.Gap + style.Width(entry.Words, style.Sizes.Labels);
        var rows = new List<List<(MarkerShape Shape, string Colour, string Words)>> { new() };
        foreach (var entry in entries)
        {
            if (rows[^1].Count > 0 && rows[^1].Append(entry).Sum(WidthOf) + (rows[^1].Count * Between) > style.Sizes.Width)
                rows.Add([]);
            rows[^1].Add(entry);
        }

        float height = Height * rows.Count;
        var plot = StyledPlot.Blank(style, style.Sizes.Width, height);
        foreach (var (i, row) in rows.Index())
        {
            float x = (style.Sizes.Width - row.Sum(WidthOf) - ((row.Count - 1) * Between)) / 2, y = (i + 0.5f) * Height;
            foreach (var entry in row)
            {
                plot.Add.Marker(x + (Mark / 2), y, entry.Shape, entry.Shape == MarkerShape.FilledSquare ? Mark : style.Sizes.MainMark,
                    new Color(entry.Colour));
                StyledPlot.Write(plot, style, entry.Words, x + Mark + StyledPlot.Gap, y, Alignment.MiddleLeft, style.Sizes.Labels,
                    style.Light.Ink);
                x += WidthOf(entry) + Between;
            }
        }

        return (plot, height);
    }
}
