namespace Bench.Data;

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
