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
    private readonly Vocabulary _vocabulary;
    private readonly string _path;
    private readonly string _temporary;
    private readonly string _origin;
    private readonly int _width;
    private readonly FileStream _stream;
    private readonly CancellationToken _stop;
    private readonly IDisposable _end;
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private byte[] _bytes = [];

    /// <summary>Starts a file.</summary>
    /// <param name="path">Where the file shall lie.</param>
    /// <param name="vocabulary">What the tokens are numbered by.</param>
    /// <param name="fingerprint">What the tokens are made from; <see cref="TokenFile.TryOpen"/> compares it.</param>
    /// <param name="stop">Ends the writing; nothing is left of the file then.</param>
    public TokenFileWriter(string path, Vocabulary vocabulary, string fingerprint, CancellationToken stop = default)
    {
        _stop = stop;
        _vocabulary = vocabulary;
        _path = path;
        _width = TokenWidth.Of(vocabulary);
        _origin = Origin(fingerprint);
        _temporary = $"{path}.{Path.GetRandomFileName()}.tmp";
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        _end = ProcessEnd.Before(() => File.Delete(_temporary));
        _stream = new FileStream(_temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 16);
        _stream.Write(new byte[TokenFileHeader.Length]);
    }

    /// <summary>How many tokens have been written.</summary>
    public long Count { get; private set; }

    /// <summary>Appends tokens.</summary>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public void Write(ReadOnlySpan<int> tokens)
    {
        _stop.ThrowIfCancellationRequested();
        foreach (int token in tokens)
            Require.Index(token, _vocabulary.TokenCount);
        if (_bytes.Length < tokens.Length * _width)
            _bytes = new byte[tokens.Length * _width];
        var bytes = _bytes.AsSpan(0, tokens.Length * _width);
        TokenWidth.Pack(tokens, bytes, _width);
        _hash.AppendData(bytes);
        _stream.Write(bytes);
        Count += tokens.Length;
    }

    /// <summary>Completes the file: header, flush to the disk, rename. Without this call nothing is left of it.</summary>
    public void Commit()
    {
        Span<byte> header = stackalloc byte[TokenFileHeader.Length];
        new TokenFileHeader(_vocabulary, Count, Convert.ToHexStringLower(_hash.GetHashAndReset()), _origin).Write(header);
        _stream.Position = 0;
        _stream.Write(header);
        _stream.Flush(flushToDisk: true);
        _stream.Dispose();
        File.Move(_temporary, _path, overwrite: true);
    }

    /// <summary>Deletes what was not committed.</summary>
    public void Dispose()
    {
        _stream.Dispose();
        _hash.Dispose();
        File.Delete(_temporary);
        _end.Dispose();
    }

    internal static string Origin(string fingerprint) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(fingerprint)));
}
