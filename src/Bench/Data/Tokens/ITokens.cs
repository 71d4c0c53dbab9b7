using System.Security.Cryptography;
using Bench.Numerics;

namespace Bench.Data.Tokens;

/// <summary>A long sequence of tokens that can be read at any place.</summary>
public interface ITokens : IDisposable
{
    /// <summary>What the tokens are numbered by.</summary>
    Vocabulary Vocabulary { get; }

    /// <summary>How many tokens there are.</summary>
    long Count { get; }

    /// <summary>
    /// SHA-256 of the tokens in hexadecimal digits, each token in 1, 2 or 4 bytes (little-endian) as the vocabulary needs.
    /// </summary>
    string Hash { get; }

    /// <summary>The tokens from <paramref name="start"/> on, as many as fit into the span.</summary>
    void CopyTo(long start, Span<long> into);

    /// <inheritdoc cref="CopyTo(long, Span{long})"/>
    void CopyTo(long start, Span<int> into);

    /// <summary>All tokens. For corpora that fit into memory.</summary>
    int[] ToArray()
    {
        var all = new int[Count];
        CopyTo(0, all);
        return all;
    }
}

/// <summary>Tokens in memory: short texts and tests.</summary>
public sealed class TokenArray : ITokens
{
    private readonly Vocabulary vocabulary;
    private readonly int[] tokens;

    /// <summary>Holds tokens.</summary>
    /// <param name="vocabulary">What they are numbered by.</param>
    /// <param name="tokens">Tokens of it; the mask is none. Not copied.</param>
    /// <exception cref="ArgumentException">Either is null, or a number is no token.</exception>
    public TokenArray(Vocabulary vocabulary, int[] tokens)
    {
        ArgumentNullException.ThrowIfNull(vocabulary);
        ArgumentNullException.ThrowIfNull(tokens);
        if (tokens.AsSpan().ContainsAnyExceptInRange(0, vocabulary.TokenCount - 1))
        {
            for (int i = 0; i < tokens.Length; i++)
                Require.Index(tokens[i], vocabulary.TokenCount, $"tokens[{i}]");
        }

        (this.vocabulary, this.tokens) = (vocabulary, tokens);
    }

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
    public void CopyTo(long start, Span<int> into) => From(start, into.Length).CopyTo(into);

    /// <inheritdoc/>
    public void CopyTo(long start, Span<long> into)
    {
        var from = From(start, into.Length);
        for (int i = 0; i < from.Length; i++)
            into[i] = from[i];
    }

    /// <summary>Nothing is held.</summary>
    public void Dispose()
    {
    }

    private ReadOnlySpan<int> From(long start, int count) => start >= 0 && start <= tokens.Length - count
        ? tokens.AsSpan((int)start, count)
        : throw new ArgumentOutOfRangeException(nameof(start), start,
            $"{count} tokens from {start} on are not all of {tokens.Length} tokens; they are counted from 0");
}
