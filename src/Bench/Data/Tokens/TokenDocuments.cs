using Bench.Numerics;

namespace Bench.Data.Tokens;

/// <summary>
/// The documents of a text of tokens, between its separators, read one by one or one behind the other. An index of where each begins is
/// held, not the tokens.
/// </summary>
public sealed class TokenDocuments
{
    private const int Block = 1 << 16;

    private readonly ITokens tokens;
    private readonly int separator;
    private readonly List<(long Start, int Length)> documents = [];

    /// <summary>Finds the documents.</summary>
    /// <param name="tokens">The text: documents with a separator between two of them.</param>
    /// <param name="separator">The token between documents.</param>
    public TokenDocuments(ITokens tokens, int separator)
    {
        (this.tokens, this.separator) = (tokens, separator);
        var block = new int[Block];
        long begun = 0;
        for (long at = 0; at < tokens.Count; at += Block)
        {
            var read = block.AsSpan(0, (int)Math.Min(Block, tokens.Count - at));
            tokens.CopyTo(at, read);
            for (int i = 0; i < read.Length; i++)
            {
                if (read[i] != separator)
                    continue;
                Add(at + i);
                begun = at + i + 1;
            }
        }

        Add(tokens.Count);

        void Add(long end)
        {
            if (end > begun)
                documents.Add((begun, checked((int)(end - begun))));
        }
    }

    /// <summary>What the tokens are numbered by.</summary>
    public Vocabulary Vocabulary => tokens.Vocabulary;

    /// <summary>How many there are, empty ones left out.</summary>
    public int Count => documents.Count;

    /// <summary>Tokens of a document, its separator left out.</summary>
    public int LengthOf(int document) => documents[document].Length;

    /// <summary>Tokens of a document from a place on, as many as fit.</summary>
    public void CopyTo(int document, int from, Span<long> into)
    {
        Require.Within(from + into.Length, 0, LengthOf(document));
        tokens.CopyTo(documents[document].Start + from, into);
    }

    /// <summary>All documents one behind the other.</summary>
    /// <param name="ends">Whether a separator stands behind each, the last one included.</param>
    public JoinedDocuments Joined(bool ends) => new(this, separator, ends);
}

/// <summary>Documents one behind the other, read at any place.</summary>
public sealed class JoinedDocuments
{
    private readonly TokenDocuments documents;
    private readonly int separator;
    private readonly long[] starts; // of each document; one more for the end

    internal JoinedDocuments(TokenDocuments documents, int separator, bool ends)
    {
        (this.documents, this.separator) = (documents, separator);
        starts = new long[documents.Count + 1];
        for (int i = 0; i < documents.Count; i++)
            starts[i + 1] = starts[i] + documents.LengthOf(i) + (ends ? 1 : 0);
    }

    /// <summary>How many tokens there are, separators included.</summary>
    public long Count => starts[^1];

    /// <summary>The tokens from <paramref name="start"/> on, as many as fit into the span.</summary>
    public void CopyTo(long start, Span<long> into)
    {
        if (start < 0 || start + into.Length > Count)
            throw new ArgumentOutOfRangeException(nameof(start), start, $"{into.Length} tokens from there are not all of {Count}");
        int document = Array.BinarySearch(starts, start);
        // Of the document that the place is in; no document is empty, so that no two starts are the same.
        for (document = document < 0 ? ~document - 1 : document; !into.IsEmpty; document++)
        {
            int from = (int)(start - starts[document]), length = documents.LengthOf(document);
            int taken = Math.Min(into.Length, Math.Max(0, length - from));
            documents.CopyTo(document, from, into[..taken]);
            if (taken < into.Length && starts[document + 1] - starts[document] > length)
                into[taken++] = separator;
            into = into[taken..];
            start = starts[document + 1];
        }
    }
}
