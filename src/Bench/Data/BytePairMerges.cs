using System.Security.Cryptography;
using System.Text;
using Bench.Results;

namespace Bench.Data;

/// <summary>
/// The symbols of a byte-level byte-pair encoding, as a merges file (<c>vocab.bpe</c>, <c>merges.txt</c>) gives them: 0 to 255 are the bytes in GPT-2's
/// order, and line i (from 0, a version line left out) makes symbol 256 + i of two earlier ones.
/// </summary>
public sealed class BytePairMerges : IMergeRule
{
    private readonly Dictionary<(int Left, int Right), int> _made;
    private readonly List<byte[]> _bytes;

    private BytePairMerges(Dictionary<(int Left, int Right), int> made, List<byte[]> bytes, string hash) => (_made, _bytes, Hash) = (made, bytes, hash);

    /// <summary>How many symbols there are: 256 and the merges.</summary>
    public int Symbols => _bytes.Count;

    /// <summary>SHA-256 over the merges, one a line, without the version line: the same for every file that says the same.</summary>
    public string Hash { get; }

    /// <summary>Reads a merges file.</summary>
    /// <param name="text">Its lines.</param>
    /// <param name="name">The name that errors show.</param>
    /// <exception cref="SuiteException">A line is no merge of two earlier symbols.</exception>
    public static BytePairMerges Read(TextReader text, string name)
    {
        var made = new Dictionary<(int Left, int Right), int>();
        List<byte[]> bytes = [.. PrintableBytes.Order.Select(value => new[] { value })];
        var symbols = new Dictionary<string, int>(StringComparer.Ordinal); // as the file spells them
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        int number = 0;
        while (text.ReadLine() is { } line)
        {
            number++;
            if (line.Length == 0 || (number == 1 && line.StartsWith("#version", StringComparison.Ordinal)))
                continue;
            if (line.Split(' ') is not [var left, var right] || Find(left) is not { } first || Find(right) is not { } second)
                throw Wrong(name, number, $"'{line}' does not name two symbols that the lines before it make");
            if (!symbols.TryAdd(left + right, bytes.Count))
                throw Wrong(name, number, $"'{line}' makes a symbol that an earlier line makes");
            made.Add((first, second), bytes.Count);
            bytes.Add([.. bytes[first], .. bytes[second]]);
            hash.AppendData(Encoding.UTF8.GetBytes($"{line}\n"));
        }
        return new(made, bytes, Convert.ToHexStringLower(hash.GetHashAndReset()));

        int? Find(string spelled) => spelled.Length switch
        {
            1 => PrintableBytes.TryFind(spelled[0], out int value) ? value : null,
            _ => symbols.TryGetValue(spelled, out int symbol) ? symbol : null,
        };
    }

    /// <summary>The bytes that a symbol stands for.</summary>
    public ReadOnlySpan<byte> Bytes(int symbol) => _bytes[symbol];

    bool IMergeRule.TryMerge(int left, int right, out int merged, out double order)
    {
        bool may = _made.TryGetValue((left, right), out merged);
        order = merged; // The earlier the line, the sooner.
        return may;
    }

    private static SuiteException Wrong(string name, int line, string what) => new($"{name}:{line}: {what}", "A merges file holds a line '#version: ...', then two symbols a line, as GPT-2's vocab.bpe does.");
}
