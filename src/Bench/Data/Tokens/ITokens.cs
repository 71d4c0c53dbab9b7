namespace Bench.Data.Tokens;

/// <summary>A long sequence of words that can be read at any place.</summary>
public interface ITokens : IDisposable
{
    /// <summary>What the words are numbered by.</summary>
    Vocabulary Vocabulary { get; }

    /// <summary>How many words there are.</summary>
    long Count { get; }

    /// <summary>SHA-256 of the words in hexadecimal digits, each word in 1, 2 or 4 bytes (little-endian) as the vocabulary needs.</summary>
    string Hash { get; }

    /// <summary>The words from <paramref name="start"/> on, as many as fit into the span.</summary>
    void CopyTo(long start, Span<long> into);

    /// <inheritdoc cref="CopyTo(long, Span{long})"/>
    void CopyTo(long start, Span<int> into);

    /// <summary>All words. For corpora that fit into memory.</summary>
    int[] ToArray()
    {
        var all = new int[Count];
        CopyTo(0, all);
        return all;
    }
}
