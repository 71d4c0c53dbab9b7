using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace Bench.Tests.Data;

/// <summary>Random texts: what pre-tokenizers treat alike or apart, and any code point, halves of surrogate pairs among them.</summary>
internal static class UnicodeTexts
{
    private static readonly string[] Parts =
    [
        " ", "  ", "\n", "\r\n", "\t", "\u0085", "\u00A0", "\u001C", "\u180E", "\u200B", "\u2028", "\u3000", "'", "'s", "'t", "'re", "'ve",
        "'m", "'ll", "'d", "'LL", "’t", "the", "The", "ing", "ä", "é́", "你好", "мир",
        "½", "3", "1789", "²", "Ⅻ", "!", "--", "…", "🙂", "👩‍👩‍👧", "𝒜", "𝟙", "𐄇", "\uD835", "\uDC9C", "\uFFFD", "\0", "<|endoftext|>",
        "_",
    ];

    public static Arbitrary<string> All { get; } = Gen.OneOf(
        Gen.Elements(Parts),
        Gen.Choose(0, 0x7F).Select(code => $"{(char)code}"),
        Gen.Choose(0, 0xFFFF).Select(code => $"{(char)code}"),
        Gen.Choose(0x10000, 0x10FFFF).Select(code => $"{new Rune(code)}")).ListOf().Select(string.Concat).ToArbitrary();
}
