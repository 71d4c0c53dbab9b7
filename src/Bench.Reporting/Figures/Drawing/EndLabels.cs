using System.Collections.Immutable;
using Bench.Reporting.Figures.Styles;
using ScottPlot;

namespace Bench.Reporting.Figures.Drawing;

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
            label.Render(rp.Canvas, new Pixel(rp.DataRect.Right + offset + StyledPlot.Gap, rp.Plot.Axes.Left.GetPixel(place, rp.DataRect)), rp.Paint, Fit(style, text), bottom: true);
        }
    }

    private static string Fit(FigureStyle style, string text) => style.Fit(text, style.Sizes.Labels, style.Sizes.LabelWidth);
}
