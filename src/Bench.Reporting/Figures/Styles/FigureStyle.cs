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
internal sealed record FigureStyle(SKTypeface Typeface, string FontFamily, Sizes Sizes, LineWidths Lines, ColourScheme Light, ColourScheme Dark)
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
        return string.Concat(text.ReplaceLineEndings(" ").EnumerateRunes().Select(letter => Typeface.ContainsGlyph(letter.Value) ? letter.ToString() : absent.ToString()));
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
