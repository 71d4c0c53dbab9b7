namespace Bench.Reporting.Figures.Styles;

/// <summary>Lengths in points (1/72 inch).</summary>
/// <param name="Width">Of every figure.</param>
/// <param name="Panel">The least height of a panel of lines.</param>
/// <param name="Row">The height of a row of dots.</param>
/// <param name="Text">Type of titles of axes and panels.</param>
/// <param name="Ticks">Type along axes.</param>
/// <param name="Labels">Type of labels beside lines and dots.</param>
/// <param name="LabelDistance">From one label to the next, baseline to baseline.</param>
/// <param name="LabelWidth">The most that labels take; longer ones are shortened.</param>
/// <param name="Mark">Diameter of a mark.</param>
/// <param name="MainMark">Diameter of the mark of a main setting.</param>
/// <param name="Dpi">Resolution of PNG, in dots per inch.</param>
internal sealed record Sizes(
    float Width, float Panel, float Row, float Text, float Ticks, float Labels, float LabelDistance, float LabelWidth, float Mark, float MainMark, float Dpi);
