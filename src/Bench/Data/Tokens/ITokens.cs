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
