using Bench.Reporting.Figures.Styles;

namespace Bench.Reporting.Figures.Drawing;

/// <summary>A kind of figure with what it shows.</summary>
internal interface IDrawing
{
    /// <summary>Lays it out; every call makes plots of its own, so figures can be drawn side by side.</summary>
    Sheet Draw(FigureStyle style);
}
