using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Bench.Data;

/// <summary>GPT-2's numbers for the 256 bytes, and the characters that its merges file writes them as: printable Latin-1 bytes come first and stand for themselves, the other 68 are U+0100 and on.</summary>
internal static class PrintableBytes
{
    /// <summary>The byte of each number, 0 to 255.</summary>
    public static ImmutableArray<byte> Order { get; } =
        [.. All().Where(IsPrintable), .. All().Where(value => !IsPrintable(value))];

    private static readonly FrozenDictionary<char, int> Spelled = Order
        .Select((value, number) => (Sign: IsPrintable(value) ? (char)value : (char)(256 + number - Order.Count(IsPrintable)), number))
        .ToFrozenDictionary(pair => pair.Sign, pair => pair.number);

    /// <summary>The number of the byte that a character stands for.</summary>
    public static bool TryFind(char sign, out int number) => Spelled.TryGetValue(sign, out number);

    private static IEnumerable<byte> All() => Enumerable.Range(0, 256).Select(value => (byte)value);

    // The soft hyphen, 173, is invisible.
    private static bool IsPrintable(byte value) => value is (>= 33 and <= 126) or (>= 161 and not 173);
}
