
using System.Buffers.Binary;
using System.IO.MemoryMappedFiles;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Bench.Results;
using Bench.Results.Files;

namespace Bench.Data.Tokens;

/// <summary>Tokens in a memory-mapped file whose hash has been checked.</summary>
public sealed unsafe class TokenFile : ITokens
{
    private const int HashedAtATime = 1 << 24;
    private readonly MemoryMappedFile file;
    private readonly MemoryMappedViewAccessor view;
    private readonly byte* words;
    private readonly int width;
    private bool disposed;

    private TokenFile(string path, TokenFileHeader header)
    {
        (Vocabulary, Count, Hash, width) = (header.Vocabulary, header.Count, header.Hash, TokenWidth.Of(header.Vocabulary));
        file = MemoryMappedFile.CreateFromFile(path, FileMode.Open, mapName: null, 0, MemoryMappedFileAccess.Read);
        view = file.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read);
        view.SafeMemoryMappedViewHandle.AcquirePointer(ref words);
        words += view.PointerOffset + TokenFileHeader.Length;
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
        var opened = new TokenFile(path, header);
        if (opened.ComputeHash() == opened.Hash)
            return opened;
        opened.Dispose();
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
        if (disposed)
            return;
        disposed = true;
        view.SafeMemoryMappedViewHandle.ReleasePointer();
        view.Dispose();
        file.Dispose();
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
        ObjectDisposedException.ThrowIf(disposed, this);
        if (start < 0 || start > Count - into.Length)
            throw new ArgumentOutOfRangeException(nameof(start), start,
                $"{into.Length} tokens from there on do not lie within the {Count} tokens of the file");
        TokenWidth.Unpack(new(words + (start * width), into.Length * width), into, width);
    }

    private string ComputeHash()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        long bytes = Count * width;
        for (long at = 0; at < bytes; at += HashedAtATime)
            hash.AppendData(new ReadOnlySpan<byte>(words + at, (int)Math.Min(HashedAtATime, bytes - at)));
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

/// <summary>The bytes [start, end) of a file, read forward.</summary>
internal sealed class FileRange : Stream
{
    private readonly FileStream file;
    private readonly long end;

    public FileRange(string path, long start, long end)
    {
        file = InputFile.Open(path, buffer: 1 << 16, options: FileOptions.SequentialScan);
        file.Position = start;
        this.end = end;
    }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override int Read(Span<byte> buffer) => file.Read(buffer[..(int)Math.Min(buffer.Length, end - file.Position)]);

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush() => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            file.Dispose();
        base.Dispose(disposing);
    }
}

/// <summary>How tokens are laid out in bytes: little-endian, 1, 2 or 4 bytes each, as few as the vocabulary allows.</summary>
internal static class TokenWidth
{
    public static int Of(Vocabulary vocabulary) => vocabulary.TokenCount switch
    {
        <= 1 << 8 => 1,
        <= 1 << 16 => 2,
        _ => 4,
    };

    public static void Pack(ReadOnlySpan<int> tokens, Span<byte> bytes, int width)
    {
        switch (width)
        {
            case 1:
                Convert<int, byte>(tokens, bytes);
                break;
            case 2:
                Convert(tokens, MemoryMarshal.Cast<byte, ushort>(bytes));
                break;
            default:
                Convert(tokens, MemoryMarshal.Cast<byte, int>(bytes));
                break;
        }
    }

    public static void Unpack<T>(ReadOnlySpan<byte> bytes, Span<T> tokens, int width)
        where T : unmanaged, IBinaryInteger<T>
    {
        switch (width)
        {
            case 1:
                Convert(bytes, tokens);
                break;
            case 2:
                Convert(MemoryMarshal.Cast<byte, ushort>(bytes), tokens);
                break;
            default:
                Convert(MemoryMarshal.Cast<byte, int>(bytes), tokens);
                break;
        }
    }

    private static void Convert<TFrom, TTo>(ReadOnlySpan<TFrom> from, Span<TTo> to)
        where TFrom : unmanaged, IBinaryInteger<TFrom>
        where TTo : unmanaged, IBinaryInteger<TTo>
    {
        for (int i = 0; i < from.Length; i++)
            to[i] = TTo.CreateTruncating(from[i]);
    }
}
