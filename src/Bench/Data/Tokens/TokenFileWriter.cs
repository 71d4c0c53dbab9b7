
using System.Security.Cryptography;
using System.Text;
using Bench.Numerics;
using Bench.Results.Files;

namespace Bench.Data.Tokens;

/// <summary>
/// Writes a token file under a temporary name and renames it when it is complete, so that no reader ever meets half of it.
/// </summary>
public sealed class TokenFileWriter : IDisposable
{
    private readonly Vocabulary vocabulary;
    private readonly string path;
    private readonly string temporary;
    private readonly string origin;
    private readonly int width;
    private readonly FileStream stream;
    private readonly CancellationToken stop;
    private readonly IDisposable end;
    private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private byte[] bytes = [];

    /// <summary>Starts a file.</summary>
    /// <param name="path">Where the file shall lie.</param>
    /// <param name="vocabulary">What the tokens are numbered by.</param>
    /// <param name="fingerprint">What the tokens are made from; <see cref="TokenFile.TryOpen"/> compares it.</param>
    /// <param name="stop">Ends the writing; nothing is left of the file then.</param>
    public TokenFileWriter(string path, Vocabulary vocabulary, string fingerprint, CancellationToken stop = default)
    {
        this.stop = stop;
        this.vocabulary = vocabulary;
        this.path = path;
        width = TokenWidth.Of(vocabulary);
        origin = Origin(fingerprint);
        temporary = $"{path}.{Path.GetRandomFileName()}.tmp";
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        end = ProcessEnd.Before(() => File.Delete(temporary));
        stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 16);
        stream.Write(new byte[TokenFileHeader.Length]);
    }

    /// <summary>How many tokens have been written.</summary>
    public long Count { get; private set; }

    /// <summary>Appends tokens.</summary>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public void Write(ReadOnlySpan<int> tokens)
    {
        stop.ThrowIfCancellationRequested();
        foreach (int token in tokens)
            Require.Index(token, vocabulary.TokenCount);
        if (this.bytes.Length < tokens.Length * width)
            this.bytes = new byte[tokens.Length * width];
        var packed = bytes.AsSpan(0, tokens.Length * width);
        TokenWidth.Pack(tokens, packed, width);
        hash.AppendData(packed);
        stream.Write(packed);
        Count += tokens.Length;
    }

    /// <summary>Completes the file: header, flush to the disk, rename. Without this call nothing is left of it.</summary>
    public void Commit()
    {
        Span<byte> header = stackalloc byte[TokenFileHeader.Length];
        new TokenFileHeader(vocabulary, Count, Convert.ToHexStringLower(hash.GetHashAndReset()), origin).Write(header);
        stream.Position = 0;
        stream.Write(header);
        stream.Flush(flushToDisk: true);
        stream.Dispose();
        File.Move(temporary, path, overwrite: true);
    }

    /// <summary>Deletes what was not committed.</summary>
    public void Dispose()
    {
        stream.Dispose();
        hash.Dispose();
        File.Delete(temporary);
        end.Dispose();
    }

    internal static string Origin(string fingerprint) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(fingerprint)));
}
