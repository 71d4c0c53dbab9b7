using System.Buffers.Binary;
using System.IO.MemoryMappedFiles;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using Bench.Results;
using Bench.Results.Files;

namespace Bench.Data.Tokens;

/// <summary>Tokens in a memory-mapped file whose hash has been checked.</summary>
public sealed unsafe class TokenFile : ITokens
{
    private const int HashedAtATime = 1 << 24;
    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;
    private readonly byte* _words;
    private readonly int _width;
    private bool _disposed;

    private TokenFile(string path, TokenFileHeader header)
    {
        (Vocabulary, Count, Hash, _width) = (header.Vocabulary, header.Count, header.Hash, TokenWidth.Of(header.Vocabulary));
        _file = MemoryMappedFile.CreateFromFile(path, FileMode.Open, mapName: null, 0, MemoryMappedFileAccess.Read);
        _view = _file.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read);
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref _words);
        _words += _view.PointerOffset + TokenFileHeader.Length;
    }

    /// <inheritdoc/>
    public Vocabulary Vocabulary { get; }

    /// <inheritdoc/>
    public long Count { get; }

    /// <inheritdoc/>
    public string Hash { get; }

    /// <summary>Opens a token file.</summary>
    /// <exception cref="SuiteException">It is no token file, is cut short or has changed since it was written.</exception>
    public static TokenFile Open(string path)
    {
        if (ReadHeader(path) is not { } header
            || new FileInfo(path).Length != TokenFileHeader.Length + (header.Count * TokenWidth.Of(header.Vocabulary)))
            throw new SuiteException($"{path} is no complete token file of this version",
                "Delete the file; it is made again from its corpus.");
        var file = new TokenFile(path, header);
        if (file.ComputeHash() == file.Hash)
            return file;
        file.Dispose();
        throw new SuiteException($"{path} is damaged: its tokens do not have the hash in its header",
            "Delete the file; it is made again from its corpus.");
    }

    /// <summary>Opens the token file if it exists, was made from this fingerprint and is whole; otherwise null.</summary>
    public static TokenFile? TryOpen(string path, Vocabulary vocabulary, string fingerprint)
    {
        if (!File.Exists(path) || ReadHeader(path) is not { } header || header.Origin != TokenFileWriter.Origin(fingerprint)
            || header.Vocabulary != vocabulary)
            return null;
        try
        {
            return Open(path);
        }
        catch (SuiteException)
        {
            return null; // The caller makes it again.
        }
    }

    /// <inheritdoc/>
    public void CopyTo(long start, Span<long> into) => Copy(start, into);

    /// <inheritdoc/>
    public void CopyTo(long start, Span<int> into) => Copy(start, into);

    /// <summary>Unmaps the file.</summary>
    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        _view.SafeMemoryMappedViewHandle.ReleasePointer();
        _view.Dispose();
        _file.Dispose();
    }

    private static TokenFileHeader? ReadHeader(string path)
    {
        Span<byte> bytes = stackalloc byte[TokenFileHeader.Length];
        using var stream = InputFile.Open(path);
        int read = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        return TokenFileHeader.Read(bytes[..read]);
    }

    private void Copy<T>(long start, Span<T> into)
        where T : unmanaged, IBinaryInteger<T>
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (start < 0 || start > Count - into.Length)
            throw new ArgumentOutOfRangeException(nameof(start), start,
                $"{into.Length} tokens from there on do not lie within the {Count} tokens of the file");
        TokenWidth.Unpack(new(_words + (start * _width), into.Length * _width), into, _width);
    }

    private string ComputeHash()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        long bytes = Count * _width;
        for (long at = 0; at < bytes; at += HashedAtATime)
            hash.AppendData(new ReadOnlySpan<byte>(_words + at, (int)Math.Min(HashedAtATime, bytes - at)));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}

/// <summary>
/// The first 256 bytes of a token file, little-endian: magic (8 bytes), version, size of the vocabulary (4 each), count (8), SHA-256 of the
/// tokens (32), SHA-256 of what they were made from (32), length of the vocabulary's name (4), the name in UTF-8, zeros.
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
        int tokenCount = BinaryPrimitives.ReadInt32LittleEndian(header[12..]);
        long count = BinaryPrimitives.ReadInt64LittleEndian(header[16..]);
        int nameLength = BinaryPrimitives.ReadInt32LittleEndian(header[88..]);
        if (tokenCount <= 0 || count < 0 || nameLength is <= 0 or > Length - NameAt)
            return null;
        string Hex(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(bytes[..SHA256.HashSizeInBytes]);
        return new(new(Encoding.UTF8.GetString(header.Slice(NameAt, nameLength)), tokenCount), count, Hex(header[24..]), Hex(header[56..]));
    }
}
