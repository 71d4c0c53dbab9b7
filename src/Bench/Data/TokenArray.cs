using System.Security.Cryptography;

namespace Bench.Data;

/// <summary>Words in memory: short texts and tests.</summary>
public sealed class TokenArray(Vocabulary vocabulary, int[] tokens) : ITokens
{
    /// <inheritdoc/>
    public Vocabulary Vocabulary => vocabulary;

    /// <inheritdoc/>
    public long Count => tokens.Length;

    /// <inheritdoc/>
    public string Hash
    {
        get
        {
            int width = TokenWidth.Of(vocabulary);
            var bytes = new byte[tokens.Length * width];
            TokenWidth.Pack(tokens, bytes, width);
            return Convert.ToHexStringLower(SHA256.HashData(bytes));
        }
    }

    /// <inheritdoc/>
    public void CopyTo(long start, Span<int> into) => tokens.AsSpan((int)start, into.Length).CopyTo(into);

    /// <inheritdoc/>
    public void CopyTo(long start, Span<long> into)
    {
        var from = tokens.AsSpan((int)start, into.Length);
        for (int i = 0; i < from.Length; i++)
            into[i] = from[i];
    }

    /// <summary>Nothing is held.</summary>
    public void Dispose()
    {
    }
}
