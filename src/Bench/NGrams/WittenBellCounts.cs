
using Bench.Numerics;

namespace Bench.NGrams;

/// <summary>
/// The n-grams of a text as a tree: an n-gram is its prefix, another n-gram, and one more symbol. A hash table finds the child, so that
/// memory grows with the n-grams that occur and not with V^n.
/// </summary>
internal sealed class WittenBellCounts
{
    /// <summary>The empty n-gram.</summary>
    public const int Root = 0;

    /// <summary>What stands for an n-gram that does not occur.</summary>
    public const int Unseen = -1;

    private int[] slots = new int[1 << 12]; // n-gram + 1, or 0 where free; its length is a power of two
    private long[] keys = new long[1 << 11]; // of an n-gram: prefix·V + symbol
    private int[] occurrences = new int[1 << 11];
    private int[] followers = new int[1 << 11];
    private int[] types = new int[1 << 11];
    private int shift = 64 - 12; // keeps the top bits of a product, as many as number the slots
    private int count = 1;

    public WittenBellCounts(int tokenCount) => TokenCount = Require.Positive(tokenCount);

    public int TokenCount { get; }

    /// <summary>How many n-grams occur, the empty one left out.</summary>
    public int Grams => count - 1;

    /// <summary>n(g): how often an n-gram occurs.</summary>
    public int Occurrences(int gram) => occurrences[gram];

    /// <summary>n(h) = Σ_c n(hc): how often an n-gram occurs with a symbol after it.</summary>
    public int Followers(int gram) => followers[gram];

    /// <summary>T(h): how many distinct symbols occur after an n-gram.</summary>
    public int Types(int gram) => types[gram];

    /// <summary>The n-gram that is a prefix and one more symbol, or <see cref="Unseen"/>.</summary>
    public int Find(int prefix, int symbol)
    {
        long key = ((long)prefix * TokenCount) + symbol;
        int slot = Slot(key);
        return slots[slot] - 1;
    }

    /// <summary>Counts an occurrence of a symbol after a prefix.</summary>
    public int Count(int prefix, int symbol)
    {
        long key = ((long)prefix * TokenCount) + symbol;
        int slot = Slot(key);
        int gram = slots[slot] - 1;
        if (gram == Unseen)
        {
            gram = Add(key, slot);
            types[prefix]++;
        }
        followers[prefix]++;
        occurrences[gram]++;
        return gram;
    }

    /// <summary>Per context length 0, 1, ..., the empirical entropy of a symbol given its context, in bits.</summary>
    public double[] ConditionalEntropies(int order)
    {
        var sums = new double[order];
        var totals = new long[order];
        var lengths = new byte[count];
        for (int gram = 1; gram < count; gram++)
        {
            int prefix = (int)(keys[gram] / TokenCount); // prefixes are numbered before what extends them
            lengths[gram] = (byte)(lengths[prefix] + 1);
            sums[lengths[prefix]] -= occurrences[gram] * Math.Log2((double)occurrences[gram] / followers[prefix]);
            totals[lengths[prefix]] += occurrences[gram];
        }
        return [.. sums.Zip(totals, (sum, total) => sum / total)];
    }

    private int Add(long key, int slot)
    {
        if (count == keys.Length)
        {
            Grow();
            slot = Slot(key);
        }
        keys[count] = key;
        slots[slot] = count + 1;
        return count++;
    }

    // The slot that holds a key, or the free one where it belongs: multiplicative hashing, linear probing, at most half full.
    private int Slot(long key)
    {
        int mask = slots.Length - 1;
        int slot = (int)(((ulong)key * 0x9E3779B97F4A7C15) >> shift);
        while (slots[slot] != 0 && keys[slots[slot] - 1] != key)
            slot = (slot + 1) & mask;
        return slot;
    }

    private void Grow()
    {
        int capacity = checked(keys.Length * 2);
        Array.Resize(ref keys, capacity);
        Array.Resize(ref occurrences, capacity);
        Array.Resize(ref followers, capacity);
        Array.Resize(ref types, capacity);
        slots = new int[capacity * 2];
        shift--;
        for (int gram = 1; gram < count; gram++)
            slots[Slot(keys[gram])] = gram + 1;
    }
}
