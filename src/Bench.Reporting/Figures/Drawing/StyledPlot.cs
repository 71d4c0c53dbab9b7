using Bench.Reporting.Figures.Styles;
using ScottPlot;
using ScottPlot.AxisPanels;
using ScottPlot.TickGenerators;
using Color = ScottPlot.Color;

namespace Bench.Reporting.Figures.Drawing;

/// <summary>ScottPlot's plots in the style of the style file.</summary>
internal static class StyledPlot
{
    /// <summary>From the frame to what is written beside it.</summary>
    public const float TickLength = 3, Gap = 3;

    // ScottPlot centres a line of text by its ascent and descent; capitals and digits then stand too high, by this share of the size.
    private const float Lift = 0.16f;

    // What ScottPlot leaves between tick marks and their labels is meant for screens.
    private const float Nearer = 3;

    /// <summary>A plot with a left and a bottom axis, without ticks and grid yet.</summary>
    public static Plot Of(FigureStyle style)
    {
        var plot = new Plot();
        plot.FigureBackground.Color = Colors.Transparent;
        plot.DataBackground.Color = Colors.Transparent;
        plot.Grid.XAxisStyle.IsVisible = false;
        plot.Grid.YAxisStyle.IsVisible = false;
        plot.Axes.Top.IsVisible = false;
        plot.Axes.Right.IsVisible = false;
        plot.Axes.Title.IsVisible = false;
        foreach (var axis in plot.Axes.GetAxes())
        {
            axis.TickGenerator = new NumericManual();
            axis.FrameLineStyle.Width = style.Lines.Frame;
            axis.FrameLineStyle.Color = new Color(style.Light.Axis);
            axis.MajorTickStyle.Width = style.Lines.Frame;
            axis.MajorTickStyle.Length = TickLength;
            axis.MajorTickStyle.Color = new Color(style.Light.Axis);
            Write(axis.TickLabelStyle, style, style.Sizes.Ticks, style.Light.Axis);
            Write(axis.Label, style, style.Sizes.Text, style.Light.Ink);
            axis.Label.Bold = false;
            if (axis is AxisBase panel)
                panel.PaddingBetweenTickAndAxisLabels = new PixelPadding(1);
        }

        Lower(plot.Axes.Left.TickLabelStyle);
        plot.Axes.Left.TickLabelStyle.OffsetX = Nearer;
        plot.Axes.Bottom.TickLabelStyle.OffsetY = -1;
        return plot;
    }

    /// <summary>Puts a label that is centred on a height into its middle by the look of it.</summary>
    public static void Lower(LabelStyle label) => label.OffsetY = Lift * label.FontSize;

    /// <summary>A plot without axes whose coordinates are points of the page, y down.</summary>
    public static Plot Blank(FigureStyle style, float width, float height)
    {
        var plot = Of(style);
        plot.Layout.Frameless();
        plot.HideAxesAndGrid();
        plot.Axes.SetLimits(0, width, height, 0);
        return plot;
    }

    /// <summary>Type and colour of a label.</summary>
    public static void Write(LabelStyle label, FigureStyle style, float size, string colour)
    {
        label.Font = style.Typeface;
        label.FontSize = size;
        label.ForeColor = new Color(colour);
    }

    /// <summary>A text at a place of the plot.</summary>
    public static ScottPlot.Plottables.Text Write(Plot plot, FigureStyle style, string text, double x, double y, Alignment alignment, float size, string colour)
    {
        var label = plot.Add.Text(style.Legible(text), x, y);
        Write(label.LabelStyle, style, size, colour);
        label.Alignment = alignment;
        if (alignment == Alignment.MiddleLeft)
            Lower(label.LabelStyle);
        return label;
    }

    /// <summary>Ticks at places, and what is written there.</summary>
    public static void Ticks(IAxis axis, IEnumerable<(double Place, string Words)> ticks)
    {
        var manual = new NumericManual();
        foreach (var (place, words) in ticks)
            manual.AddMajor(place, words);
        axis.TickGenerator = manual;
    }

    /// <summary>Lines across the plot at the ticks of an axis.</summary>
    public static void Grid(GridStyle grid, FigureStyle style)
    {
        grid.IsVisible = true;
        grid.MajorLineStyle.IsVisible = true;
        grid.MajorLineStyle.Width = style.Lines.Grid;
        grid.MajorLineStyle.Color = new Color(style.Light.Grid);
        grid.MinorLineStyle.IsVisible = false;
    }

    /// <summary>A frame on all four sides.</summary>
    public static void Box(Plot plot, FigureStyle style)
    {
        foreach (var axis in new IAxis[] { plot.Axes.Top, plot.Axes.Right })
        {
            axis.IsVisible = true;
            axis.FrameLineStyle.Width = style.Lines.Frame;
            axis.FrameLineStyle.Color = new Color(style.Light.Axis);
        }
    }
}
