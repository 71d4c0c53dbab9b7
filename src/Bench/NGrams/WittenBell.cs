
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
