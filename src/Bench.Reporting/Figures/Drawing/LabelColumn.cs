using System.Collections.Immutable;
using Bench.Reporting.Figures.Styles;
using ScottPlot;
using Color = ScottPlot.Color;

namespace Bench.Reporting.Figures.Drawing;

/// <summary>Labels beside a plot, each as near to its line as it can be without covering another.</summary>
internal static class LabelColumn
{
    /// <summary>
    /// Positions at least <paramref name="gap"/> apart with the least sum of squared moves, in the order of
    /// <paramref name="wanted"/>, and within the limits as long as they all fit in.
    /// </summary>
    public static ImmutableArray<double> Spread(ImmutableArray<double> wanted, double gap, double low, double high) =>
        Spread(wanted, [.. Enumerable.Range(0, wanted.Length).OrderBy(i => wanted[i]).ThenBy(i => i)], gap, low, high);

    /// <summary>
    /// The same for ends that are not all equally far from the labels: no two straight leaders from an end to its label cross.
    /// </summary>
    /// <param name="ends">How far from the column an end is, and its height.</param>
    /// <param name="gap">The least distance of two labels.</param>
    /// <param name="low">The lowest place.</param>
    /// <param name="high">The highest.</param>
    public static ImmutableArray<double> Place(ImmutableArray<(double Away, double Height)> ends, double gap, double low, double high)
    {
        int[] order = [.. Enumerable.Range(0, ends.Length).OrderBy(i => ends[i].Height).ThenBy(i => ends[i].Away)];
        double[] places = [.. Spread([.. ends.Select(end => end.Height)], order, gap, low, high)];

        // Two leaders that cross are longer together than the two that do not (the diagonals of a quadrangle are longer than
        // two of its sides), so this ends.
        for (bool isCrossed = true; isCrossed;)
        {
            isCrossed = false;
            for (int i = 0; i < ends.Length; i++)
            {
                for (int j = i + 1; j < ends.Length; j++)
                {
                    if (!Cross(ends[i], places[i], ends[j], places[j]))
                        continue;
                    (places[i], places[j]) = (places[j], places[i]);
                    isCrossed = true;
                }
            }
        }

        return [.. places];
    }

    /// <summary>Whether the leaders of two ends to their places cross.</summary>
    internal static bool Cross((double Away, double Height) a, double placeOfA, (double Away, double Height) b, double placeOfB)
    {
        // At the column and where the nearer end is: the order changes between the two where they cross.
        double reach = Math.Min(a.Away, b.Away);
        double atA = At(a, placeOfA, reach), atB = At(b, placeOfB, reach);
        return (atA - atB) * (placeOfA - placeOfB) < -1e-9;
    }

    private static double At((double Away, double Height) end, double place, double reach) =>
        end.Away <= 0 ? end.Height : place + ((end.Height - place) * reach / end.Away);

    private static ImmutableArray<double> Spread(ImmutableArray<double> wanted, int[] order, double gap, double low, double high)
    {
        // Less i·gap, "at least gap apart" reads "not decreasing": isotonic regression, by pooling adjacent violators.
        var pools = new Stack<(double Sum, int Count)>();
        for (int i = 0; i < order.Length; i++)
        {
            var pool = (Sum: wanted[order[i]] - (i * gap), Count: 1);
            while (pools.TryPeek(out var below) && below.Sum / below.Count > pool.Sum / pool.Count)
            {
                pools.Pop();
                pool = (pool.Sum + below.Sum, pool.Count + below.Count);
            }

            pools.Push(pool);
        }

        double[] placed = new double[wanted.Length];
        int next = 0;
        double top = Math.Max(low, high - ((order.Length - 1) * gap));
        foreach (var (sum, count) in pools.Reverse())
        {
            for (int k = 0; k < count; k++, next++)
                placed[order[next]] = Math.Clamp(sum / count, low, top) + (next * gap);
        }

        return [.. placed];
    }
}

/// <summary>Labels to the right of a plot, each in its own colour: a panel of ScottPlot's, like an axis.</summary>
/// <param name="style">How they look.</param>
/// <param name="labels">Text, the place along the vertical axis, and the colour.</param>
internal sealed class EndLabels(FigureStyle style, ImmutableArray<(string Text, double Place, string Colour)> labels) : IPanel
{
    public bool IsVisible { get; set; } = true;

    public Edge Edge => Edge.Right;

    public bool ShowDebugInformation { get; set; }

    public float MinimumSize { get; set; }

    public float MaximumSize { get; set; } = float.MaxValue;

    /// <summary>The width that labels need, at most what the style allows.</summary>
    public static float WidthOf(FigureStyle style, IEnumerable<string> labels) =>
        labels.Select(label => style.Width(Fit(style, label), style.Sizes.Labels)).DefaultIfEmpty(0).Max() + (2 * StyledPlot.Gap);

    public float Measure(Paint paint) => WidthOf(style, labels.Select(label => label.Text));

    public PixelRect GetPanelRect(PixelRect dataRect, float size, float offset, Paint paint) =>
        new(dataRect.Right + offset, dataRect.Right + offset + size, dataRect.Bottom, dataRect.Top);

    public void Render(RenderPack rp, float size, float offset)
    {
        foreach (var (text, place, colour) in labels)
        {
            var label = new LabelStyle { Alignment = Alignment.MiddleLeft };
            StyledPlot.Write(label, style, style.Sizes.Labels, colour);
            StyledPlot.Lower(label);
            label.Render(rp.Canvas, new Pixel(rp.DataRect.Right + offset + StyledPlot.Gap, rp.Plot.Axes.Left.GetPixel(place, rp.DataRect)),
                rp.Paint, Fit(style, text), bottom: true);
        }
    }

    private static string Fit(FigureStyle style, string text) => style.Fit(text, style.Sizes.Labels, style.Sizes.LabelWidth);
}

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
