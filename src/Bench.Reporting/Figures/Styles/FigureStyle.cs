using System.Collections.Immutable;
using SkiaSharp;

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
