
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Bench.Numerics;
using Bench.Results;

namespace Bench.Data.Tokenizers;

/// <summary>
/// Llama's tokenizer as llama2.c runs it: a text behind one space, whose neighbouring pieces merge into the piece with the best score until
/// none can.
/// </summary>
/// <param name="pieces">The pieces and their scores.</param>
public sealed class ScoredPieceTokenizer(ScoredPieces pieces) : ITokenizer
{
    private const byte InNoText = 0xFF; // occurs in no UTF-8

    /// <inheritdoc/>
    public string Name => Vocabulary.Name;

    /// <inheritdoc/>
    public Vocabulary Vocabulary { get; } = new($"pieces-{pieces.Hash[..16]}", pieces.Count);

    /// <inheritdoc/>
    public bool IsCharacterwise => false;

    /// <summary>The mark that begins a text.</summary>
    public int Separator => ScoredPieces.Begin;

    /// <inheritdoc/>
    public int[] Encode(string text)
    {
        if (text.Length == 0)
            return [];
        int[] symbols = pieces.Characters(Encoding.UTF8.GetBytes($" {text}"));
        return symbols[..GreedyMerging.Merge(symbols, pieces)];
    }

    /// <summary>
    /// The text of tokens, without the space that encoding puts before it. Bytes that are no UTF-8, and masks, show as U+FFFD.
    /// </summary>
    public string Decode(ReadOnlySpan<int> tokens)
    {
        var bytes = new List<byte>(4 * tokens.Length);
        foreach (int token in tokens)
        {
            if (Require.Index(token, Vocabulary.Size) < pieces.Count)
                bytes.AddRange(pieces.Bytes(token));
            else
                bytes.Add(InNoText);
        }
        string text = Encoding.UTF8.GetString([.. bytes]);
        return text.StartsWith(' ') ? text[1..] : text;
    }
}

/// <summary>
/// Byte-pair encoding: of all neighbours that may merge, the first in order merge, until none may (Sennrich et al., arXiv 1508.07909).
/// </summary>
internal static class GreedyMerging
{
    private const int Gone = -1;

    /// <summary>Merges in place in O(n log n); a list of pairs searched anew after each merge would take O(n²).</summary>
    /// <returns>How many symbols are left, at the front of the span.</returns>
    public static int Merge(Span<int> symbols, IMergeRule rule)
    {
        var queue = new PriorityQueue<(int At, int Left, int Right, int Merged), (double Order, int At)>();
        var next = new int[symbols.Length];
        var previous = new int[symbols.Length];
        for (int i = 0; i < symbols.Length; i++)
            (previous[i], next[i]) = (i - 1, i + 1);
        for (int i = 0; i + 1 < symbols.Length; i++)
            Offer(symbols, i);

        while (queue.TryDequeue(out var pair, out _))
        {
            int right = next[pair.At];
            // A symbol of the pair has been merged with another neighbour since.
            if (symbols[pair.At] != pair.Left || right == symbols.Length || symbols[right] != pair.Right)
                continue;
            symbols[pair.At] = pair.Merged;
            symbols[right] = Gone;
            next[pair.At] = next[right];
            if (next[right] < symbols.Length)
                previous[next[right]] = pair.At;
            if (previous[pair.At] >= 0)
                Offer(symbols, previous[pair.At]);
            Offer(symbols, pair.At);
        }

        int count = 0;
        foreach (int symbol in symbols)
        {
            if (symbol != Gone)
                symbols[count++] = symbol;
        }
        return count;

        void Offer(Span<int> symbols, int at)
        {
            if (next[at] < symbols.Length && rule.TryMerge(symbols[at], symbols[next[at]], out int merged, out double order))
                queue.Enqueue((at, symbols[at], symbols[next[at]], merged), (order, at));
        }
    }
}

/// <summary>
/// The pieces of a sentence-piece vocabulary with their scores, in the file that llama2.c reads: int32 longest piece in bytes, then for
/// each piece float32 score, int32 length, bytes; little-endian. Pieces 0, 1 and 2 are unknown, begin and end; piece 3 + b is byte b,
/// written <c>&lt;0x41&gt;</c> or, in earlier files, as character b.
/// </summary>
public sealed class ScoredPieces : IMergeRule
{
    /// <summary>The mark that begins a text.</summary>
    public const int Begin = 1;

    private const int FirstByte = 3;

    // Bytes one to one as characters (Latin-1), so that pieces compare and join as strings whatever they hold.
    private readonly string[] pieces;
    private readonly float[] scores;
    private readonly Dictionary<string, int> numbers = new(StringComparer.Ordinal);

    private ScoredPieces(string[] pieces, float[] scores, string hash)
    {
        (this.pieces, this.scores, Hash) = (pieces, scores, hash);
        // Marks and the names of bytes are left out: no text is made of them, not even one that spells them. Where byte 65 is written A,
        // the A that the network was trained on is the later piece of that name; a search that stops at the first finds the other.
        for (int i = FirstByte + 256; i < pieces.Length; i++)
            numbers.TryAdd(pieces[i], i);
    }

    /// <summary>How many pieces there are.</summary>
    public int Count => pieces.Length;

    /// <summary>SHA-256 of the file.</summary>
    public string Hash { get; }

    /// <summary>Reads the file.</summary>
    /// <param name="file">Its bytes.</param>
    /// <param name="count">How many pieces it holds, as the network that it belongs to says.</param>
    /// <param name="name">The name that errors show.</param>
    /// <exception cref="SuiteException">It holds another number of pieces, or other pieces where the bytes should be.</exception>
    public static ScoredPieces Read(ReadOnlySpan<byte> file, int count, string name)
    {
        var read = new string[count];
        var logarithms = new float[count];
        var rest = file.Length < sizeof(int) ? [] : file[sizeof(int)..]; // the longest piece is not needed
        for (int i = 0; i < count; i++)
        {
            int length = rest.Length < 8 ? -1 : BinaryPrimitives.ReadInt32LittleEndian(rest[4..]);
            if (length < 0 || length > rest.Length - 8)
                throw Wrong(name, $"piece {i} of {count} lies beyond the end of the file");
            logarithms[i] = BinaryPrimitives.ReadSingleLittleEndian(rest);
            read[i] = Encoding.Latin1.GetString(rest.Slice(8, length));
            rest = rest[(8 + length)..];
        }
        if (!rest.IsEmpty)
            throw Wrong(name, $"{rest.Length} bytes follow the last of its {count} pieces");
        for (int value = 0; value < 256; value++)
        {
            string expected = $"<0x{value:X2}>";
            if (FirstByte + value >= count || (read[FirstByte + value] != expected && read[FirstByte + value] != Spelled((char)value)))
                throw Wrong(name, $"piece {FirstByte + value} is not {expected}");
        }
        return new(read, logarithms, Convert.ToHexStringLower(SHA256.HashData(file)));
    }

    /// <summary>The pieces that a text starts from: its characters, or their bytes where a character is no piece.</summary>
    /// <param name="text">UTF-8.</param>
    internal int[] Characters(ReadOnlySpan<byte> text)
    {
        var found = new List<int>(text.Length);
        while (!text.IsEmpty)
        {
            Rune.DecodeFromUtf8(text, out _, out int length);
            if (numbers.TryGetValue(Encoding.Latin1.GetString(text[..length]), out int piece))
                found.Add(piece);
            else
                found.AddRange(text[..length].ToArray().Select(value => FirstByte + value));
            text = text[length..];
        }
        return [.. found];
    }

    /// <summary>The bytes that a piece stands for.</summary>
    public byte[] Bytes(int piece) =>
        piece is >= FirstByte and < FirstByte + 256 ? [(byte)(piece - FirstByte)] : Encoding.Latin1.GetBytes(pieces[piece]);

    bool IMergeRule.TryMerge(int left, int right, out int merged, out double order)
    {
        bool may = numbers.TryGetValue(pieces[left] + pieces[right], out merged);
        order = may ? -scores[merged] : 0; // The better the score, the sooner.
        return may;
    }

    private static string Spelled(char value) => Encoding.Latin1.GetString(Encoding.UTF8.GetBytes([value]));

    private static SuiteException Wrong(string name, string what) =>
        new($"{name}: {what}", "The tokenizer and the network belong together, as in llama2.c's tokenizer.bin: take both from one place.");
}

/// <summary>Which two neighbours become one symbol, and which pair of a text does so first.</summary>
internal interface IMergeRule
{
    /// <summary>Looks a pair up.</summary>
    /// <param name="left">A symbol.</param>
    /// <param name="right">The symbol after it.</param>
    /// <param name="merged">What the two become.</param>
    /// <param name="order">The pair with the least order goes first; of equal ones, the leftmost.</param>
    bool TryMerge(int left, int right, out int merged, out double order);
}
