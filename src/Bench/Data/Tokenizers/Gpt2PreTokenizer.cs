using System.Globalization;
using System.Text;
using Microsoft.ML.Tokenizers;

namespace Bench.Data.Tokenizers;

/// <summary>
/// Cuts a text into the pieces inside which GPT-2 merges bytes. Its regular expression (Radford et al. 2019, encoder.py),
/// <c>'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+</c>, is over code points, and .NET's are over UTF-16
/// units, where 𝒜 is two things and neither is a letter; hence by hand.
/// </summary>
internal sealed class Gpt2PreTokenizer : PreTokenizer
{
    private static readonly string[] Endings = ["'s", "'t", "'re", "'ve", "'m", "'ll", "'d"];
    private static readonly Kind[] Ascii = [.. Enumerable.Range(0, 128).Select(letter => KindOf(new Rune(letter)))];

    private enum Kind
    {
        Space,
        Letter,
        Number,
        Other,
    }

    /// <inheritdoc/>
    public override IEnumerable<(int Offset, int Length)> PreTokenize(string text)
    {
        for (int at = 0, length; at < text.Length; at += length)
        {
            length = First(text.AsSpan(at));
            yield return (at, length);
        }
    }

    /// <inheritdoc/>
    public override IEnumerable<(int Offset, int Length)> PreTokenize(ReadOnlySpan<char> text) => PreTokenize(text.ToString());

    /// <summary>The length of the piece that a text, which is not empty, starts with.</summary>
    private static int First(ReadOnlySpan<char> text)
    {
        if (text[0] == '\'')
        {
            foreach (string ending in Endings)
            {
                if (text.StartsWith(ending, StringComparison.Ordinal))
                    return ending.Length;
            }
        }

        int start = text[0] == ' ' && text.Length > 1 ? 1 : 0;
        var kind = KindOf(text[start..], out _);
        if (kind != Kind.Space)
            return start + Run(text[start..], kind);
        int spaces = Run(text, Kind.Space);
        // The last space before a word belongs to the word.
        return spaces == text.Length || spaces == 1 ? spaces : spaces - 1;
    }

    /// <summary>
    /// The last place where a text may be cut without cutting a piece, whatever follows: before white space that has none before it. 0
    /// where there is none.
    /// </summary>
    public static int LastCut(ReadOnlySpan<char> text)
    {
        for (int i = text.Length - 1; i > 0; i--)
        {
            if (char.IsWhiteSpace(text[i]) && !char.IsWhiteSpace(text[i - 1]))
                return i;
        }
        return 0;
    }

    private static int Run(ReadOnlySpan<char> text, Kind kind)
    {
        int length = 0;
        while (length < text.Length && KindOf(text[length..], out int used) == kind)
            length += used;
        return length;
    }

    private static Kind KindOf(ReadOnlySpan<char> text, out int used)
    {
        if (text[0] < Ascii.Length)
        {
            used = 1;
            return Ascii[text[0]];
        }

        Rune.DecodeFromUtf16(text, out var rune, out used); // half a surrogate pair becomes U+FFFD, which is neither letter nor number
        return KindOf(rune);
    }

    private static Kind KindOf(Rune rune) => Rune.GetUnicodeCategory(rune) switch
    {
        <= UnicodeCategory.OtherLetter => Kind.Letter,
        UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber => Kind.Number,
        _ => Rune.IsWhiteSpace(rune) ? Kind.Space : Kind.Other,
    };
}
