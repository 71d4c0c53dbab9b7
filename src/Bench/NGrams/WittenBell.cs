using Bench.Numerics;

namespace Bench.NGrams;

/// <summary>
/// An n-gram model with interpolated Witten-Bell smoothing (Witten and Bell 1991). For the k − 1 symbols h before c,
/// p_k(c|h) = (n(hc) + T(h) p_{k−1}(c|h')) / (n(h) + T(h)) down to p_0 = 1/V, where T(h) counts the distinct symbols seen after h and h' is
/// h without its oldest symbol; after an h that was never seen, p_k = p_{k−1}. One fit scores all orders up to its own.
/// </summary>
public sealed class WittenBell
{
    private const int MostOrder = 16;
    private const int Unseen = WittenBellCounts.Unseen;
    private readonly WittenBellCounts grams;

    private WittenBell(WittenBellCounts grams, int order) => (this.grams, Order) = (grams, order);

    /// <summary>n: a symbol depends on the n − 1 before it.</summary>
    public int Order { get; }

    /// <summary>V.</summary>
    public int TokenCount => grams.TokenCount;

    /// <summary>Stored counts: the distinct n-grams of all orders up to n.</summary>
    public int Grams => grams.Grams;

    /// <summary>Counts the n-grams of a text.</summary>
    /// <param name="tokens">The training text.</param>
    /// <param name="tokenCount">V.</param>
    /// <param name="order">n, from 1 to 16.</param>
    public static WittenBell Fit(ReadOnlySpan<int> tokens, int tokenCount, int order)
    {
        var counts = new WittenBellCounts(tokenCount);
        Span<int> contexts = stackalloc int[Require.Within(order, 1, MostOrder)];
        Forget(contexts);
        foreach (int token in tokens)
        {
            Require.Index(token, tokenCount);
            // From the longest context down: the context of length m + 1 after this symbol is the one of length m before it, extended.
            for (int m = order - 1; m >= 0; m--)
            {
                int gram = contexts[m] == Unseen ? Unseen : counts.Count(contexts[m], token);
                if (m + 1 < order)
                    contexts[m + 1] = gram;
            }
        }
        return new(counts, order);
    }

    /// <summary>Bits per token of a whole text, each token given those before it.</summary>
    public double Bits(ReadOnlySpan<int> tokens) => BitsByOrder(tokens)[^1];

    /// <summary>Bits per token of a whole text under the models of order 1, 2, ..., n.</summary>
    public double[] BitsByOrder(ReadOnlySpan<int> tokens)
    {
        var bits = new double[Order];
        Span<int> contexts = stackalloc int[Order];
        Span<double> p = stackalloc double[Order];
        Forget(contexts);
        foreach (int token in tokens)
        {
            Step(contexts, token, p);
            for (int k = 0; k < Order; k++)
                bits[k] -= Math.Log2(p[k]);
        }
        for (int k = 0; k < Order; k++)
            bits[k] /= tokens.Length;
        return bits;
    }

    /// <summary>The loss of each token of a chunk that starts without context, in nats.</summary>
    public double[] NatsPerToken(ReadOnlySpan<int> chunk)
    {
        var nats = new double[chunk.Length];
        Span<int> contexts = stackalloc int[Order];
        Span<double> p = stackalloc double[Order];
        Forget(contexts);
        for (int i = 0; i < chunk.Length; i++)
        {
            Step(contexts, chunk[i], p);
            nats[i] = -Math.Log(p[^1]);
        }
        return nats;
    }

    /// <summary>The distribution of the symbol after a context, of which the last n − 1 symbols count: [V], sums to one.</summary>
    public double[] Next(ReadOnlySpan<int> context)
    {
        var distribution = new double[TokenCount];
        Array.Fill(distribution, 1.0 / TokenCount);
        for (int k = 0; k < Order && k <= context.Length; k++)
        {
            int gram = WittenBellCounts.Root;
            foreach (int token in context[^k..])
                gram = gram == Unseen ? Unseen : grams.Find(gram, Require.Index(token, TokenCount));
            if (gram == Unseen || grams.Followers(gram) == 0)
                break; // What was never seen is not seen with a longer past either.
            for (int token = 0; token < TokenCount; token++)
                distribution[token] = Interpolate(gram, grams.Find(gram, token), distribution[token]);
        }
        return distribution;
    }

    /// <summary>Continues a context by text drawn from the model. The i-th symbol uses draw i of the example.</summary>
    public void Sample(RandomStream random, long example, Span<int> into, ReadOnlySpan<int> context = default)
    {
        var text = new int[context.Length + into.Length];
        context.CopyTo(text);
        for (int i = 0; i < into.Length; i++)
        {
            var distribution = Next(text.AsSpan(0, context.Length + i));
            double u = random.Uniform(example, i);
            int token = 0;
            while (token < TokenCount - 1 && (u -= distribution[token]) >= 0)
                token++;
            text[context.Length + i] = into[i] = token;
        }
    }

    /// <summary>
    /// The entropy, in bits, of a symbol of the training text given the 0, 1, ..., n − 1 symbols before it, by its own counts without
    /// smoothing.
    /// </summary>
    public double[] InSampleEntropies() => grams.ConditionalEntropies(Order);

    private static void Forget(Span<int> contexts)
    {
        contexts.Fill(Unseen);
        contexts[0] = WittenBellCounts.Root;
    }

    // p[k] becomes the probability of the token under order k + 1; the contexts move on by it.
    private void Step(Span<int> contexts, int token, Span<double> p)
    {
        Require.Index(token, TokenCount);
        double probability = 1.0 / TokenCount;
        int extended = WittenBellCounts.Root; // the context of length k + 1 after this token
        for (int k = 0; k < contexts.Length; k++)
        {
            int context = contexts[k];
            contexts[k] = extended;
            extended = context == Unseen ? Unseen : grams.Find(context, token);
            if (context != Unseen && grams.Followers(context) > 0)
                probability = Interpolate(context, extended, probability);
            p[k] = probability;
        }
    }

    private double Interpolate(int context, int gram, double lower)
    {
        double types = grams.Types(context);
        int count = gram == Unseen ? 0 : grams.Occurrences(gram);
        return (count + (types * lower)) / (grams.Followers(context) + types);
    }
}

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
