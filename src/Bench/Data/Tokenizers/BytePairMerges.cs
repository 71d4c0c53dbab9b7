using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Bench.Results;

namespace Bench.Data.Tokenizers;

/// <summary>
/// The tokens of a byte-level byte-pair encoding, as a merges file (<c>vocab.bpe</c>, <c>merges.txt</c>) gives them: 0 to 255 are the bytes in GPT-2's
/// order, and line i (from 0, a version line left out) makes token 256 + i of two earlier ones.
/// </summary>
public sealed class BytePairMerges
{
    private BytePairMerges(ImmutableArray<byte[]> tokens, string hash) => (Tokens, Hash) = (tokens, hash);

    /// <summary>The bytes of each token.</summary>
    public ImmutableArray<byte[]> Tokens { get; }

    /// <summary>SHA-256 over the merges, one a line, without the version line: the same for every file that says the same.</summary>
    public string Hash { get; }

    /// <summary>Reads a merges file.</summary>
    /// <param name="text">Its lines.</param>
    /// <param name="name">The name that errors show.</param>
    /// <exception cref="SuiteException">A line is no merge of two earlier tokens.</exception>
    public static BytePairMerges Read(TextReader text, string name)
    {
        List<byte[]> tokens = [.. PrintableBytes.Order.Select(value => new[] { value })];
        var spelled = new Dictionary<string, int>(StringComparer.Ordinal); // as the file spells them
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        int number = 0;
        while (text.ReadLine() is { } line)
        {
            number++;
            if (line.Length == 0 || (number == 1 && line.StartsWith("#version", StringComparison.Ordinal)))
                continue;
            if (line.Split(' ') is not [var left, var right] || Find(left) is not { } first || Find(right) is not { } second)
                throw Wrong(name, number, $"'{line}' does not name two symbols that the lines before it make");
            if (!spelled.TryAdd(left + right, tokens.Count))
                throw Wrong(name, number, $"'{line}' makes a symbol that an earlier line makes");
            tokens.Add([.. tokens[first], .. tokens[second]]);
            hash.AppendData(Encoding.UTF8.GetBytes($"{line}\n"));
        }
        return new([.. tokens], Convert.ToHexStringLower(hash.GetHashAndReset()));

        int? Find(string symbol) => symbol.Length switch
        {
            1 => PrintableBytes.TryFind(symbol[0], out int value) ? value : null,
            _ => spelled.TryGetValue(symbol, out int token) ? token : null,
        };
    }

    private static SuiteException Wrong(string name, int line, string what) => new($"{name}:{line}: {what}", "A merges file holds a line '#version: ...', then two symbols a line, as GPT-2's vocab.bpe does.");
}

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
