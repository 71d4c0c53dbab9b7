namespace Bench.Reporting.Figures.Styles;

/// <summary>Widths of lines in points (1/72 inch).</summary>
/// <param name="Curve">A method's line.</param>
/// <param name="Context">Lines of the other panels.</param>
/// <param name="Leader">From the end of a line to its label.</param>
/// <param name="Grid">Across a panel at the ticks.</param>
/// <param name="Frame">Axes and tick marks.</param>
/// <param name="Reference">Dashed: real text, n-gram models, equality.</param>
/// <param name="Bar">Error bars.</param>
internal sealed record LineWidths(float Curve, float Context, float Leader, float Grid, float Frame, float Reference, float Bar);
