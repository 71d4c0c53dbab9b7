using System.Collections.Immutable;
using SkiaSharp;
using Color = ScottPlot.Color;

namespace Bench.Reporting.Figures.Styles;

/// <summary>How all figures look: the content of <c>reports/figures/style.json</c>.</summary>
/// <param name="Typeface">What PDF and PNG are drawn with, and what all text is measured with.</param>
/// <param name="FontFamily">The CSS font family of SVG text.</param>
/// <param name="Sizes">Lengths.</param>
/// <param name="Lines">Widths of lines.</param>
/// <param name="Light">Colours on white; PDF and PNG have no others.</param>
/// <param name="Dark">Colours for readers who prefer a dark page, in SVG.</param>
internal sealed record FigureStyle(
    SKTypeface Typeface, string FontFamily, Sizes Sizes, LineWidths Lines, ColourScheme Light, ColourScheme Dark)
{
    /// <summary>Each colour of the light scheme with its counterpart in the dark one, both as <c>#rrggbb</c> in lower case.</summary>
    public ImmutableSortedDictionary<string, string> DarkOf { get; } = Light.All.Zip(Dark.All)
        .GroupBy(pair => pair.First, pair => pair.Second, StringComparer.Ordinal)
        .ToImmutableSortedDictionary(pairs => pairs.Key, pairs => pairs.First(), StringComparer.Ordinal);

    /// <summary>The width of a text of one line, in points.</summary>
    public float Width(string text, float size)
    {
        using var font = new SKFont(Typeface, size) { Subpixel = true, Hinting = SKFontHinting.None };
        return font.MeasureText(text);
    }

    /// <summary>The text in one line, with a box for each letter that the typeface lacks: Skia would leave it out of SVG.</summary>
    public string Legible(string text)
    {
        const char box = '□', question = '?';
        char absent = Typeface.ContainsGlyph(box) ? box : question;
        return string.Concat(
            text.ReplaceLineEndings(" ").EnumerateRunes()
                .Select(letter => Typeface.ContainsGlyph(letter.Value) ? letter.ToString() : absent.ToString()));
    }

    /// <summary>The same, or as much of its beginning as fits, with an ellipsis.</summary>
    public string Fit(string text, float size, float width)
    {
        text = Legible(text);
        if (Width(text, size) <= width)
            return text;
        int length = text.Length - 1;
        while (length > 1 && Width(text[..length].TrimEnd() + "…", size) > width)
            length--;
        return text[..length].TrimEnd() + "…";
    }
}

/// <summary>Widths of lines in points (1/72 inch).</summary>
/// <param name="Curve">A method's line.</param>
/// <param name="Context">Lines of the other panels.</param>
/// <param name="Leader">From the end of a line to its label.</param>
/// <param name="Grid">Across a panel at the ticks.</param>
/// <param name="Frame">Axes and tick marks.</param>
/// <param name="Reference">Dashed: real text, n-gram models, equality.</param>
/// <param name="Bar">Error bars.</param>
internal sealed record LineWidths(float Curve, float Context, float Leader, float Grid, float Frame, float Reference, float Bar);

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
    float Width, float Panel, float Row, float Text, float Ticks, float Labels, float LabelDistance, float LabelWidth, float Mark,
    float MainMark, float Dpi);

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
        [Paper, Ink, Axis, Grid, Context, Leader, Baseline, .. Series, .. Families.Values, Settled, Active, Kept, Random, Masked,
            .. Enumerable.Range(0, Shades + 1).Select(Shade)];

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
