using System.Globalization;
using System.Text;

namespace Bench.Cli;

/// <summary>
/// Text whose invisible characters are shown as escapes: a name from a file must neither turn a line around nor move the cursor.
/// </summary>
internal static class VisibleText
{
    /// <summary>The same text with control characters, directional marks and joiners as <c>\u202E</c>; tabs and line ends stay.</summary>
    public static string Of(string text)
    {
        int first = 0;
        while (first < text.Length && text[first] is >= ' ' and <= '~' or '\n')
            first++;
        if (first == text.Length)
            return text;
        var shown = new StringBuilder(text, 0, first, text.Length + 16);
        for (int at = first; at < text.Length;)
        {
            bool isRune = Rune.TryGetRuneAt(text, at, out var rune);
            int length = isRune ? rune.Utf16SequenceLength : 1;
            if (isRune && !IsInvisible(rune, next: at + 1 < text.Length ? text[at + 1] : '\0'))
                shown.Append(text, at, length);
            else
                shown.Append(CultureInfo.InvariantCulture, $"{(length == 1 ? @"\u" : @"\U")}{(isRune ? rune.Value : text[at]):X4}");
            at += length;
        }

        return shown.ToString();
    }

    private static bool IsInvisible(Rune rune, char next) => rune.Value switch
    {
        '\t' or '\n' => false,
        '\r' => next != '\n', // alone it takes the cursor back to where the line began
        _ => Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format
            or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator,
    };
}

/// <summary>Writes text as <see cref="VisibleText"/> shows it.</summary>
/// <param name="inner">Takes it; written to directly for drawing.</param>
internal sealed class VisibleWriter(TextWriter inner) : TextWriter(inner.FormatProvider)
{
    /// <summary>What is written to.</summary>
    public TextWriter Inner => inner;

    public override Encoding Encoding => inner.Encoding;

    [System.Diagnostics.CodeAnalysis.AllowNull]
    public override string NewLine { get => inner.NewLine; set => inner.NewLine = value; }

    // Half of a character is one only with the other half.
    public override void Write(char value) =>
        inner.Write(char.IsSurrogate(value) || value == '\r' ? $"{value}" : VisibleText.Of($"{value}"));

    public override void Write(string? value) => inner.Write(VisibleText.Of(value ?? ""));

    public override void Write(char[] buffer, int index, int count) => Write(new string(buffer, index, count));

    public override void Write(ReadOnlySpan<char> buffer) => Write(buffer.ToString());

    // In one go: other threads write, too.
    public override void WriteLine(string? value) => inner.WriteLine(VisibleText.Of(value ?? ""));

    public override void WriteLine() => inner.WriteLine();

    public override void Flush() => inner.Flush();
}
