using System.Text;
using Bench.Numerics;

namespace Bench.Data.Tokenizers;

/// <summary>Llama's tokenizer as llama2.c runs it: a text behind one space, whose neighbouring pieces merge into the piece with the best score until none can.</summary>
/// <param name="pieces">The pieces and their scores.</param>
public sealed class ScoredPieceTokenizer(ScoredPieces pieces) : ITokenizer
{
    private const byte InNoText = 0xFF; // occurs in no UTF-8

    /// <inheritdoc/>
    public string Name => Vocabulary.Name;

    /// <inheritdoc/>
    public Vocabulary Vocabulary { get; } = new($"pieces-{pieces.Hash[..16]}", pieces.Count);

    /// <inheritdoc/>
    public bool IsCharacterwise => false;

    /// <summary>The mark that begins a text.</summary>
    public int Separator => ScoredPieces.Begin;

    /// <inheritdoc/>
    public int[] Encode(string text)
    {
        if (text.Length == 0)
            return [];
        int[] symbols = pieces.Characters(Encoding.UTF8.GetBytes($" {text}"));
        return symbols[..GreedyMerging.Merge(symbols, pieces)];
    }

    /// <summary>The text of words, without the space that encoding puts before it. Bytes that are no UTF-8, and masks, show as U+FFFD.</summary>
    public string Decode(ReadOnlySpan<int> tokens)
    {
        var bytes = new List<byte>(4 * tokens.Length);
        foreach (int token in tokens)
        {
            if (Require.Index(token, Vocabulary.Size) < pieces.Count)
                bytes.AddRange(pieces.Bytes(token));
            else
                bytes.Add(InNoText);
        }
        string text = Encoding.UTF8.GetString([.. bytes]);
        return text.StartsWith(' ') ? text[1..] : text;
    }
}

/// <summary>Byte-pair encoding: of all neighbours that may merge, the first in order merge, until none may (Sennrich et al., arXiv 1508.07909).</summary>
internal static class GreedyMerging
{
    private const int Gone = -1;

    /// <summary>Merges in place in O(n log n); a list of pairs searched anew after each merge would take O(n²).</summary>
    /// <returns>How many symbols are left, at the front of the span.</returns>
    public static int Merge(Span<int> symbols, IMergeRule rule)
    {
        var queue = new PriorityQueue<(int At, int Left, int Right, int Merged), (double Order, int At)>();
        var next = new int[symbols.Length];
        var previous = new int[symbols.Length];
        for (int i = 0; i < symbols.Length; i++)
            (previous[i], next[i]) = (i - 1, i + 1);
        for (int i = 0; i + 1 < symbols.Length; i++)
            Offer(symbols, i);

        while (queue.TryDequeue(out var pair, out _))
        {
            int right = next[pair.At];
            // A symbol of the pair has been merged with another neighbour since.
            if (symbols[pair.At] != pair.Left || right == symbols.Length || symbols[right] != pair.Right)
                continue;
            symbols[pair.At] = pair.Merged;
            symbols[right] = Gone;
            next[pair.At] = next[right];
            if (next[right] < symbols.Length)
                previous[next[right]] = pair.At;
            if (previous[pair.At] >= 0)
                Offer(symbols, previous[pair.At]);
            Offer(symbols, pair.At);
        }

        int count = 0;
        foreach (int symbol in symbols)
        {
            if (symbol != Gone)
                symbols[count++] = symbol;
        }
        return count;

        void Offer(Span<int> symbols, int at)
        {
            if (next[at] < symbols.Length && rule.TryMerge(symbols[at], symbols[next[at]], out int merged, out double order))
                queue.Enqueue((at, symbols[at], symbols[next[at]], merged), (order, at));
        }
    }
}
