using Bench.Attention;
using Bench.Backbone;
using Bench.Data;
using Bench.Data.Tokenizers;
using Bench.Data.Tokens;
using Bench.Guidance;
using Bench.Kernels;
using Bench.Noise;
using Bench.Results;
using static TorchSharp.torch;

namespace Bench.Tasks.GuidanceToy;

/// <summary>
/// Three tokens of three symbols, with a joint distribution p and a reward r that can be enumerated: what guidance should draw,
/// p exp(r/α)/Z, is known.
/// </summary>
public sealed record Toy : ITaskData
{
    /// <summary>N.</summary>
    public const int TokenCount = 3;

    /// <summary>L.</summary>
    public const int Length = 3;

    // In thousandths, in the order 000, 001, ..., 222.
    private static readonly int[] Counts =
        [90, 20, 15, 30, 60, 10, 12, 8, 25, 25, 70, 12, 40, 110, 30, 10, 35, 18, 14, 10, 40, 16, 22, 30, 50, 28, 170];

    private static readonly NumberedSymbols Symbols = new(new Vocabulary("symbols3", TokenCount));

    /// <summary>p, in the order 000, 001, ..., 222.</summary>
    public static IReadOnlyList<double> Joint { get; } = Array.ConvertAll(Counts, count => count / 1000.0);

    /// <summary>The sequences in that order.</summary>
    public static IReadOnlyList<int[]> Sequences { get; } = EnumeratedChain.Strings(TokenCount, Length);

    /// <summary>r, in that order.</summary>
    public static IReadOnlyList<double> Rewards { get; } = [.. Sequences.Select(x => new ToyReward().Of(x))];

    /// <inheritdoc/>
    public string Name => "guidance-toy";

    /// <inheritdoc/>
    public ITokenizer Tokenizer => Symbols;

    /// <summary>ln Z = ln E exp(r/α).</summary>
    public static double LogNormaliser(double alpha) => Math.Log(Joint.Zip(Rewards, (p, r) => p * Math.Exp(r / alpha)).Sum());

    /// <summary>p exp(r/α)/Z.</summary>
    public static double[] Target(double alpha)
    {
        double log = LogNormaliser(alpha);
        return [.. Joint.Zip(Rewards, (p, r) => p * Math.Exp((r / alpha) - log))];
    }

    /// <summary>The number of a sequence in that order.</summary>
    public static int IndexOf(ReadOnlySpan<int> x)
    {
        int index = 0;
        foreach (int token in x)
            index = (index * TokenCount) + token;
        return index;
    }

    /// <inheritdoc/>
    public IExamples Examples(DataLibrary library, Split part, int length) => length == Length
        ? new Thousand()
        : throw new SuiteException(
            $"data.length is {length}, but the sequences of {Name} have {Length} tokens", $"Write length: {Length}.");

    // As often in a thousand as p has it, so that p is the distribution of the data without error.
    private sealed class Thousand : IExamples
    {
        private static readonly int[] All = [.. Counts.SelectMany((count, n) => Enumerable.Repeat(n, count))];

        public Vocabulary Vocabulary => Symbols.Vocabulary;

        public int Length => Toy.Length;

        public long Count => All.Length;

        public ExampleBatch Read(long first, int count)
        {
            long[] numbers = [.. Enumerable.Range(0, count).Select(row => first + row)];
            return new ExampleBatch([.. numbers.SelectMany(n => Sequences[All[n % All.Length]]).Select(token => (long)token)], numbers);
        }
    }
}

/// <summary>r(x) = ½ #{i: x_i = 2} + [x_0 = x_2] − ¾ [x_0 = 1 and x_1 = 2]; of a beginning, what it has of that.</summary>
public sealed record ToyReward : IReward
{
    /// <inheritdoc/>
    public string Name => "toy";

    /// <inheritdoc/>
    public bool IsMultilinear => true;

    /// <inheritdoc/>
    public double Of(ReadOnlySpan<int> tokens) =>
        (0.5 * tokens.Count(2)) + (tokens.Length > 2 && tokens[0] == tokens[2] ? 1 : 0)
        - (tokens.Length > 1 && tokens[0] == 1 && tokens[1] == 2 ? 0.75 : 0);

    /// <inheritdoc/>
    public double Expected(IReadOnlyList<double[]> distributions) =>
        (0.5 * distributions.Sum(p => p[2]))
        + (distributions.Count > 2 ? distributions[0].Zip(distributions[2], (p, q) => p * q).Sum() : 0)
        - (distributions.Count > 1 ? 0.75 * distributions[0][1] * distributions[1][2] : 0);
}

/// <summary>p(x_i | the tokens that are not masked), in the place of a network: for noise that only masks.</summary>
public sealed class ToyDenoiser : IDenoiser
{
    // ln p by what is seen, and position.
    private static readonly double[][][] Predictions =
    [
        .. EnumeratedChain.Strings(Toy.TokenCount + 1, Toy.Length).Select(seen => Enumerable.Range(0, Toy.Length)
            .Select(i => Array.ConvertAll(
                EnumeratedChain.Predict([.. Toy.Joint], seen, i, Marginal.Clean, Toy.TokenCount), Math.Log))
            .ToArray()),
    ];

    /// <inheritdoc/>
    public Tensor Logits(DenoiserInput input)
    {
        var layout = input.Layout ?? SequenceLayout.Single((int)input.Tokens.size(1), causal: false);
        long[] tokens = input.Tokens.OnHost().data<long>().ToArray();
        long[] wanted = input.Wanted?.OnHost().data<long>().ToArray() ?? [.. Enumerable.Range(0, tokens.Length).Select(at => (long)at)];
        int slots = (int)input.Tokens.size(1), size = Toy.TokenCount + 1;
        var logits = new double[wanted.Length * size];
        foreach (var (m, at) in wanted.Index())
        {
            int row = (int)(at / slots), query = (int)(at % slots), own = layout.Row(row).Slots[query].Position;
            Span<int> seen = [Toy.TokenCount, Toy.TokenCount, Toy.TokenCount];
            for (int key = 0; key < slots; key++)
            {
                if (layout.Sees(row, query, key) && layout.Row(row).Slots[key].Position is var i && i != own)
                    seen[i] = (int)tokens[(row * slots) + key];
            }

            Predictions[(((seen[0] * size) + seen[1]) * size) + seen[2]][own].CopyTo(logits, m * size);
        }

        using var scope = NewDisposeScope();
        long[] shape = input.Wanted is null ? [input.Tokens.size(0), slots, size] : [wanted.Length, size];
        return tensor(logits, shape).On(input.Tokens.device).MoveToOuterDisposeScope();
    }
}
