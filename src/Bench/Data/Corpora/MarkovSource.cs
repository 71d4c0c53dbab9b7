
using Bench.Data.Tokenizers;
using Bench.Data.Tokens;
using Bench.Numerics;

namespace Bench.Data.Corpora;

/// <summary>
/// A stationary Markov chain of order k over V symbols whose entropy, likelihoods and conditionals are known exactly: what a perfect model
/// reaches on it. Each of the V^k rows of next-symbol probabilities is drawn as normalised powers of exponential variables; power 1 is the
/// uniform distribution on the simplex (Dirichlet(1, ..., 1)), more is sharper.
/// </summary>
public sealed class MarkovSource
{
    /// <summary>V^(k+1), the size of the table of next-symbol probabilities, is at most this.</summary>
    public const int MostEntries = 1 << 24;

    private const int MostSweeps = 1_000_000;
    private readonly double[] next;       // [V^k, V]
    private readonly double[] stationary; // [V^k]

    /// <summary>Draws a source.</summary>
    /// <param name="tokenCount">V.</param>
    /// <param name="order">k ≥ 1: the preceding symbols that the next one depends on.</param>
    /// <param name="sharpness">The power; 0 makes all symbols equally likely.</param>
    /// <param name="seed">Draws the rows.</param>
    public MarkovSource(int tokenCount, int order, double sharpness, ulong seed)
    {
        TokenCount = Require.Within(tokenCount, 2, 1 << 16);
        Order = Require.Positive(order);
        double states = Math.Pow(tokenCount, order);
        Require.Within(states * tokenCount, 4, MostEntries);
        States = (int)states;
        next = DrawRows(States, tokenCount, Require.NonNegative(sharpness), RandomStream.Root(seed).Split("markov"));
        stationary = Stationary();
        EntropyRate = -Enumerable.Range(0, States).Sum(state => stationary[state] * NegativeEntropy(Next(state)));
    }

    /// <summary>V.</summary>
    public int TokenCount { get; }

    /// <summary>k.</summary>
    public int Order { get; }

    /// <summary>V^k: the strings of k symbols, numbered with the oldest symbol as the most significant digit.</summary>
    public int States { get; }

    /// <summary>The entropy of a symbol given all before it, in nats: the loss per token of a perfect model of an endless text.</summary>
    public double EntropyRate { get; }

    /// <summary>The distribution of the next symbol after the k symbols that a state stands for.</summary>
    public ReadOnlySpan<double> Next(int state) => next.AsSpan(state * TokenCount, TokenCount);

    /// <summary>How often each string of k symbols occurs.</summary>
    public ReadOnlySpan<double> StateDistribution => stationary;

    /// <summary>The state after a symbol.</summary>
    public int Advance(int state, int symbol) => (int)((((long)state * TokenCount) + symbol) % States);

    /// <summary>
    /// ln p of a string cut from anywhere in an endless text: its first symbols are scored under the stationary distribution, so that
    /// chunks are scored exactly. In nats.
    /// </summary>
    public double LogLikelihood(ReadOnlySpan<int> tokens)
    {
        int state = 0;
        int opening = Math.Min(Order, tokens.Length);
        for (int i = 0; i < opening; i++)
            state = (state * TokenCount) + Require.Index(tokens[i], TokenCount);
        double logLikelihood = Math.Log(Prefix(state, opening));
        for (int i = opening; i < tokens.Length; i++)
        {
            logLikelihood += Math.Log(Next(state)[Require.Index(tokens[i], TokenCount)]);
            state = Advance(state, tokens[i]);
        }
        return logLikelihood;
    }

    /// <summary>
    /// The entropy of a chunk of L symbols in nats: the expected loss of a perfect model that starts each chunk without context.
    /// </summary>
    public double ChunkEntropy(int length)
    {
        int opening = Math.Min(Order, Require.NonNegative(length));
        var distribution = new double[(int)Math.Pow(TokenCount, opening)];
        for (int prefix = 0; prefix < distribution.Length; prefix++)
            distribution[prefix] = Prefix(prefix, opening);
        return -NegativeEntropy(distribution) + ((length - opening) * EntropyRate);
    }

    /// <summary>A stretch of an endless text. Its i-th symbol uses draw i of the example.</summary>
    public void Sample(RandomStream random, long example, Span<int> into)
    {
        var opening = new int[Order];
        int state = Pick(stationary, random.Uniform(example, 0));
        for (int i = Order - 1, rest = state; i >= 0; i--, rest /= TokenCount)
            opening[i] = rest % TokenCount;
        for (int i = 0; i < into.Length; i++)
        {
            if (i < Order)
            {
                into[i] = opening[i];
                continue;
            }
            into[i] = Pick(Next(state), random.Uniform(example, i));
            state = Advance(state, into[i]);
        }
    }

    /// <summary>How often a string of at most k symbols occurs: the states that begin with it are neighbours.</summary>
    private double Prefix(int prefix, int length)
    {
        int width = States / (int)Math.Pow(TokenCount, length);
        double sum = 0;
        foreach (double p in stationary.AsSpan(prefix * width, width))
            sum += p;
        return sum;
    }

    private static double[] DrawRows(int states, int tokenCount, double sharpness, RandomStream random)
    {
        var rows = new double[states * tokenCount];
        for (int state = 0; state < states; state++)
        {
            var row = rows.AsSpan(state * tokenCount, tokenCount);
            random.Fill(state, row);
            double sum = 0;
            foreach (ref double p in row)
                sum += p = Math.Pow(-Math.Log(p), sharpness);
            foreach (ref double p in row)
                p /= sum;
        }
        return rows;
    }

    // Every symbol can follow every state, so repeated steps forget where they started, geometrically.
    private double[] Stationary()
    {
        var distribution = new double[States];
        Array.Fill(distribution, 1.0 / States);
        for (int sweep = 0; sweep < MostSweeps; sweep++)
        {
            var after = new double[States];
            for (int state = 0; state < States; state++)
            {
                var row = Next(state);
                int first = Advance(state, 0);
                for (int symbol = 0; symbol < TokenCount; symbol++)
                    after[first + symbol] += distribution[state] * row[symbol];
            }
            double moved = 0;
            double sum = after.Sum(); // 1 but for rounding, which must not add up over the sweeps
            for (int state = 0; state < States; state++)
            {
                after[state] /= sum;
                moved += Math.Abs(after[state] - distribution[state]);
            }
            distribution = after;
            if (moved < 1e-15)
                break;
        }
        return distribution;
    }

    private static double NegativeEntropy(ReadOnlySpan<double> distribution)
    {
        double sum = 0;
        foreach (double p in distribution)
            sum += p > 0 ? p * Math.Log(p) : 0;
        return sum;
    }

    private static int Pick(ReadOnlySpan<double> distribution, double u)
    {
        int i = 0;
        while (i < distribution.Length - 1 && (u -= distribution[i]) >= 0)
            i++;
        return i;
    }
}

/// <summary>A corpus of known entropy: three stretches of a Markov source, drawn on this machine.</summary>
/// <param name="tokenCount">V.</param>
/// <param name="order">k.</param>
/// <param name="sharpness">The power that the rows are drawn with; see <see cref="MarkovSource"/>.</param>
/// <param name="seed">Draws the source and the text.</param>
/// <param name="trainTokens">The length of the training part.</param>
/// <param name="heldOutTokens">The length of the validation part and of the test part.</param>
public sealed class MarkovCorpus(
    int tokenCount = 8, int order = 2, double sharpness = 2, ulong seed = 1, int trainTokens = 1_000_000, int heldOutTokens = 100_000)
{
    /// <summary>What its texts are cut from.</summary>
    public MarkovSource Source { get; } = new(tokenCount, order, sharpness, seed);

    /// <summary>What a definition calls it and its parameters, fit for a file name.</summary>
    public string Name => $"markov-{tokenCount}-{order}-{sharpness:R}-{seed}";

    /// <summary>Changes with every parameter.</summary>
    public string Fingerprint => $"{Name} {trainTokens} {heldOutTokens}";

    /// <summary>Writes symbols as numbers.</summary>
    public ITokenizer Tokenizer { get; } = new NumberedSymbols(new($"symbols{tokenCount}", tokenCount));

    /// <summary>How many tokens a part has.</summary>
    public int Length(Split part) => Require.Positive(part == Split.Train ? trainTokens : heldOutTokens);

    /// <summary>The tokens of a part.</summary>
    public int[] Draw(Split part)
    {
        var tokens = new int[Length(part)];
        Source.Sample(RandomStream.Root(seed).Split("text"), (long)part, tokens);
        return tokens;
    }

    internal void Write(Split part, TokenFileWriter writer) => writer.Write(Draw(part));
}
