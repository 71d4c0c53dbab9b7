using System.Collections.Immutable;
using Color = ScottPlot.Color;

namespace Bench.Reporting.Figures.Styles;

/// <summary>The colours of a figure on a light or on a dark page.</summary>
/// <param name="Paper">Behind everything, and inside open marks.</param>
/// <param name="Ink">Titles.</param>
/// <param name="Axis">Axes and what is written along them.</param>
/// <param name="Grid">Across panels.</param>
/// <param name="Context">Lines of the other panels.</param>
/// <param name="Leader">From lines to their labels.</param>
/// <param name="Baseline">N-gram models and other levels to compare with.</param>
/// <param name="Series">Lines of a panel, by the method's place in its family.</param>
/// <param name="Families">By <see cref="Comparisons.Family.Key"/>.</param>
/// <param name="Levels">Noise levels: settled, the least, the most, pure noise.</param>
/// <param name="Settled">Attention of settled queries.</param>
/// <param name="Active">Attention of active queries.</param>
/// <param name="Kept">Share of tokens that noise has kept.</param>
/// <param name="Random">Share of tokens that are drawn at random.</param>
/// <param name="Masked">Share of masked tokens.</param>
internal sealed record ColourScheme(
    string Paper,
    string Ink,
    string Axis,
    string Grid,
    string Context,
    string Leader,
    string Baseline,
    ImmutableArray<string> Series,
    ImmutableSortedDictionary<string, string> Families,
    ImmutableArray<string> Levels,
    string Settled,
    string Active,
    string Kept,
    string Random,
    string Masked)
{
    // Shades between no noise and all of it; more could not be distinguished.
    private const int Shades = 32;

    /// <summary>Every colour that a figure can have, in one order for all schemes.</summary>
    public IEnumerable<string> All =>
        [Paper, Ink, Axis, Grid, Context, Leader, Baseline, .. Series, .. Families.Values, Settled, Active, Kept, Random, Masked, .. Enumerable.Range(0, Shades + 1).Select(Shade)];

    /// <summary>The colour of a noise level between 0, settled, and 1, pure noise.</summary>
    public string Level(double level) => Shade((int)Math.Round(Math.Clamp(level, 0, 1) * Shades));

    // Both ends stand apart from what lies between.
    private string Shade(int shade) => shade switch
    {
        0 => Levels[0],
        Shades => Levels[3],
        _ => Hex(new Color(Levels[1]).InterpolateRgb(new Color(Levels[2]), (shade - 1.0) / (Shades - 2))),
    };

    private static string Hex(Color colour) => $"#{colour.R:x2}{colour.G:x2}{colour.B:x2}";
}
