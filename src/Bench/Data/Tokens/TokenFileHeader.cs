using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Bench.Data.Tokens;

/// <summary>
/// The first 256 bytes of a token file, little-endian: magic (8 bytes), version, words (4 each), count (8), SHA-256 of the words (32), SHA-256 of
/// what they were made from (32), length of the vocabulary's name (4), the name in UTF-8, zeros.
/// </summary>
internal sealed record TokenFileHeader(Vocabulary Vocabulary, long Count, string Hash, string Origin)
{
    public const int Length = 256;
    private const int Version = 1;
    private const int NameAt = 92;

    private static ReadOnlySpan<byte> Magic => "BenchTok"u8;

    public void Write(Span<byte> header)
    {
        header.Clear();
        Magic.CopyTo(header);
        BinaryPrimitives.WriteInt32LittleEndian(header[8..], Version);
        BinaryPrimitives.WriteInt32LittleEndian(header[12..], Vocabulary.TokenCount);
        BinaryPrimitives.WriteInt64LittleEndian(header[16..], Count);
        Convert.FromHexString(Hash).CopyTo(header[24..]);
        Convert.FromHexString(Origin).CopyTo(header[56..]);
        var name = Encoding.UTF8.GetBytes(Vocabulary.Name);
        BinaryPrimitives.WriteInt32LittleEndian(header[88..], name.Length);
        name.CopyTo(header[NameAt..]);
    }

    /// <summary>The header, or null where the bytes are none of this version.</summary>
    public static TokenFileHeader? Read(ReadOnlySpan<byte> header)
    {
        if (header.Length < Length || !header.StartsWith(Magic) || BinaryPrimitives.ReadInt32LittleEndian(header[8..]) != Version)
            return null;
        int words = BinaryPrimitives.ReadInt32LittleEndian(header[12..]);
        long count = BinaryPrimitives.ReadInt64LittleEndian(header[16..]);
        int nameLength = BinaryPrimitives.ReadInt32LittleEndian(header[88..]);
        if (words <= 0 || count < 0 || nameLength is <= 0 or > Length - NameAt)
            return null;
        string Hex(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(bytes[..SHA256.HashSizeInBytes]);
        return new(new(Encoding.UTF8.GetString(header.Slice(NameAt, nameLength)), words), count, Hex(header[24..]), Hex(header[56..]));
    }
}
