using System.Globalization;
using System.Text;

namespace Bench.Experiments.Yaml;

/// <summary>
/// A character that nobody sees and that changes what others look like: a directional mark, a joiner, a byte order mark, a
/// control character.
/// </summary>
/// <param name="Rune">The character.</param>
/// <param name="Index">Where it stands in its text.</param>
internal readonly record struct InvisibleCharacter(Rune Rune, int Index)
{
    /// <summary>Its code point, and what it is where it has a common name: U+202E (a directional mark).</summary>
    public string Name => $"U+{Rune.Value:X4}" + Rune.Value switch
    {
        >= 0x202A and <= 0x202E or >= 0x2066 and <= 0x2069 or 0x200E or 0x200F or 0x061C => " (a directional mark)",
        >= 0x200B and <= 0x200D or 0x2060 => " (a space or joiner without width)",
        0xFEFF => " (a byte order mark)",
        0x00AD => " (a soft hyphen)",
        < 0xA0 => " (a control character)",
        _ => "",
    };

    /// <summary>All in a text. Tabs and line breaks are not among them: those can be seen.</summary>
    public static IEnumerable<InvisibleCharacter> In(string text)
    {
        int index = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            bool isSpace = rune.Value is '\t' or '\n' or '\r' or 0x85;
            if (!isSpace && Rune.GetUnicodeCategory(rune) is (UnicodeCategory.Control or UnicodeCategory.Format))
                yield return new(rune, index);
            index += rune.Utf16SequenceLength;
        }
    }
}
