namespace Bench.Reporting.Figures;

/// <summary>
/// Colours that readers with any colour vision can tell apart: Okabe and Ito, "Color Universal Design" (2008), without
/// its yellow and black, which vanish on white and on a dark page.
/// </summary>
internal static class Palette
{
    /// <summary>Of whatever is there for comparison only; readable on white and on black.</summary>
    public const string Grey = "#808080";

    private static readonly string[] Colours = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9"];

    /// <summary>The colour of the i-th series, and a dash pattern that changes once the colours are used up.</summary>
    public static (string Colour, int Dash) Of(int series) => (Colours[series % Colours.Length], 1 + (series / Colours.Length));
}
