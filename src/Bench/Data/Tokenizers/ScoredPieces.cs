using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Bench.Results;

namespace Bench.Data.Tokenizers;

/// <summary>
/// The pieces of a sentence-piece vocabulary with their scores, in the file that llama2.c reads: int32 longest piece in bytes, then for each piece float32
/// score, int32 length, bytes; little-endian. Pieces 0, 1 and 2 are unknown, begin and end; piece 3 + b is byte b, written <c>&lt;0x41&gt;</c> or, in
/// earlier files, as character b.
/// </summary>
public sealed class ScoredPieces : IMergeRule
{
    /// <summary>The mark that begins a text.</summary>
    public const int Begin = 1;

    private const int FirstByte = 3;

    // Bytes one to one as characters (Latin-1), so that pieces compare and join as strings whatever they hold.
    private readonly string[] _pieces;
    private readonly float[] _scores;
    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);

    private ScoredPieces(string[] pieces, float[] scores, string hash)
    {
        (_pieces, _scores, Hash) = (pieces, scores, hash);
        // Marks and the names of bytes are left out: no text is made of them, not even one that spells them. Where byte 65 is written A, the
        // A that the network was trained on is the later piece of that name; a search that stops at the first finds the other.
        for (int i = FirstByte + 256; i < pieces.Length; i++)
            _numbers.TryAdd(pieces[i], i);
    }

    /// <summary>How many pieces there are.</summary>
    public int Count => _pieces.Length;

    /// <summary>SHA-256 of the file.</summary>
    public string Hash { get; }

    /// <summary>Reads the file.</summary>
    /// <param name="file">Its bytes.</param>
    /// <param name="count">How many pieces it holds, as the network that it belongs to says.</param>
    /// <param name="name">The name that errors show.</param>
    /// <exception cref="SuiteException">It holds another number of pieces, or other pieces where the bytes should be.</exception>
    public static ScoredPieces Read(ReadOnlySpan<byte> file, int count, string name)
    {
        var pieces = new string[count];
        var scores = new float[count];
        var rest = file.Length < sizeof(int) ? [] : file[sizeof(int)..]; // the longest piece is not needed
        for (int i = 0; i < count; i++)
        {
            int length = rest.Length < 8 ? -1 : BinaryPrimitives.ReadInt32LittleEndian(rest[4..]);
            if (length < 0 || length > rest.Length - 8)
                throw Wrong(name, $"piece {i} of {count} lies beyond the end of the file");
            scores[i] = BinaryPrimitives.ReadSingleLittleEndian(rest);
            pieces[i] = Encoding.Latin1.GetString(rest.Slice(8, length));
            rest = rest[(8 + length)..];
        }
        if (!rest.IsEmpty)
            throw Wrong(name, $"{rest.Length} bytes follow the last of its {count} pieces");
        for (int value = 0; value < 256; value++)
        {
            string expected = $"<0x{value:X2}>";
            if (FirstByte + value >= count || (pieces[FirstByte + value] != expected && pieces[FirstByte + value] != Spelled((char)value)))
                throw Wrong(name, $"piece {FirstByte + value} is not {expected}");
        }
        return new(pieces, scores, Convert.ToHexStringLower(SHA256.HashData(file)));
    }

    /// <summary>The pieces that a text starts from: its characters, or their bytes where a character is no piece.</summary>
    /// <param name="text">UTF-8.</param>
    internal int[] Characters(ReadOnlySpan<byte> text)
    {
        var found = new List<int>(text.Length);
        while (!text.IsEmpty)
        {
            Rune.DecodeFromUtf8(text, out _, out int length);
            if (_numbers.TryGetValue(Encoding.Latin1.GetString(text[..length]), out int piece))
                found.Add(piece);
            else
                found.AddRange(text[..length].ToArray().Select(value => FirstByte + value));
            text = text[length..];
        }
        return [.. found];
    }

    /// <summary>The bytes that a piece stands for.</summary>
    public byte[] Bytes(int piece) => piece is >= FirstByte and < FirstByte + 256 ? [(byte)(piece - FirstByte)] : Encoding.Latin1.GetBytes(_pieces[piece]);

    bool IMergeRule.TryMerge(int left, int right, out int merged, out double order)
    {
        bool may = _numbers.TryGetValue(_pieces[left] + _pieces[right], out merged);
        order = may ? -_scores[merged] : 0; // The better the score, the sooner.
        return may;
    }

    private static string Spelled(char value) => Encoding.Latin1.GetString(Encoding.UTF8.GetBytes([value]));

    private static SuiteException Wrong(string name, string what) => new($"{name}: {what}", "The tokenizer and the network belong together, as in llama2.c's tokenizer.bin: take both from one place.");
}
