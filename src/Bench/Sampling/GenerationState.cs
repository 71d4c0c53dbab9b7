using System.Numerics.Tensors;
using Bench.Backbone;
using Bench.Hyperschedules;
using Bench.Kernels;
using Bench.Noise;
using Bench.Numerics;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Bench.Sampling;

/// <summary>Batch state during generation, shared by all samplers.</summary>
public sealed class GenerationState
{
    private readonly NetworkCalls calls;
    private readonly int first;
    private readonly bool[] given;
    private readonly int[] lengths; // of the sequences, in front of their padding
    private readonly Marginal?[] marginals; // of each level: they are asked for token by token
    private readonly Lazy<int> firstSettled;
    private (int Step, int[] Tokens) active = (-1, []);

    /// <summary>Fills every position with what is given there, or else with a draw from the distribution at full noise.</summary>
    internal GenerationState(DiffusionSetup setup, NetworkCalls calls, int count, RandomStream draws, int first, Prompt prompt,
        DecodingOptions decoding)
    {
        (Setup, this.calls, Count, Draws, this.first, Decoding) = (setup, calls, count, draws, first, decoding);
        if (prompt.Problem(Length, setup.Vocabulary.TokenCount) is { } misfit)
            throw new ArgumentException(misfit, nameof(prompt));
        Tokens = new long[count * Length];
        given = new bool[Tokens.Length];
        marginals = new Marginal?[setup.Hyperschedule.Depth + 1];
        firstSettled = new(() => Enumerable.Range(0, Count).Select(row =>
            Enumerable.Range(0, Length).Where(i => !given[(row * Length) + i]).Select(setup.Hyperschedule.SettledAfter)
                .DefaultIfEmpty(int.MaxValue).Min()).DefaultIfEmpty().Max());
        var prior = draws.Split("prior");
        var (masked, choice, start) = (prior.Split("masked"), prior.Split("words"), setup.Start);
        for (int at = 0; at < Tokens.Length; at++)
        {
            int? token = prompt.At(first + Row(at), Position(at));
            given[at] = token is not null;
            if (token is null && setup.Hyperschedule.SettledAfter(Position(at)) == 0)
                throw new ArgumentException(
                    $"{setup.Hyperschedule.Name} has position {Position(at)} settled from the start, but the prompt has no token for it",
                    nameof(prompt));
            Tokens[at] = token
                ?? Corruption.FromPrior(start, setup.Vocabulary, Uniform(masked, 0, at), choice, first + Row(at), Position(at));
        }

        calls.Given = given.Contains(true) ? given : null;
        lengths = [.. Enumerable.Range(0, Count).Select(row => prompt.LengthOf(first + row, Length))];
        calls.Lengths = prompt.IsPadded ? lengths : null;
    }

    /// <summary>Noise, hyperschedule and view.</summary>
    public DiffusionSetup Setup { get; }

    /// <summary>Sequences.</summary>
    public int Count { get; }

    /// <summary>L: tokens in each.</summary>
    public int Length => Setup.Hyperschedule.Length;

    /// <summary>x: count·L tokens, sequence by sequence.</summary>
    public long[] Tokens { get; }

    /// <summary>Random numbers for the sampler, to be split by purpose.</summary>
    public RandomStream Draws { get; }

    /// <summary>Calls of the network so far: NFE.</summary>
    public int NetworkCalls => calls.Count;

    /// <summary>How tokens are chosen from distributions; those of <see cref="Ask"/> are made so already.</summary>
    public DecodingOptions Decoding { get; }

    /// <summary>The sequence that a token belongs to.</summary>
    public int Row(int at) => at / Length;

    /// <summary>The position of a token in its sequence.</summary>
    public int Position(int at) => at % Length;

    /// <summary>Whether a token was given and stays.</summary>
    public bool IsGiven(int at) => given[at];

    /// <summary>Whether a token is a mask.</summary>
    public bool IsMasked(int at) => Tokens[at] == Setup.Vocabulary.MaskId;

    /// <summary>Indices into <see cref="Tokens"/> of the tokens that a step may change.</summary>
    public IReadOnlyList<int> Active(int step)
    {
        if (active.Step != step)
        {
            int[] positions = [.. Enumerable.Range(0, Length).Where(i => Setup.Hyperschedule.RegionAt(step, i) == Region.Active)];
            active = (step,
                [.. Enumerable.Range(0, Count).SelectMany(row => positions.Select(i => (row * Length) + i)).Where(at => !given[at])]);
        }

        return active.Tokens;
    }

    /// <summary>The marginals of a token after a step, and before it.</summary>
    public (Marginal S, Marginal T) Step(int step, int at) =>
        (MarginalAt(step + 1, Position(at)), MarginalAt(step, Position(at)));

    /// <summary>The share of masks that is left after a step where a token is, of those at the start.</summary>
    public double MasksLeft(int step, int at) => Step(step, at).S.MaskProbability / Setup.At(1).MaskProbability;

    /// <summary>The noise times of a token before a step, and after it.</summary>
    public (double Now, double Next) Times(int step, int at) =>
        (Setup.Hyperschedule.TimeAt(step, Position(at)), Setup.Hyperschedule.TimeAt(step + 1, Position(at)));

    /// <summary>A number in (0, 1) for a token in a step.</summary>
    public double Uniform(RandomStream draws, int step, int at) => draws.Uniform(first + Row(at), ((long)step * Length) + Position(at));

    /// <summary>Reveals a token: draws it or, where sequences are measured, takes the true one and counts what it costs.</summary>
    /// <param name="at">Its index.</param>
    /// <param name="distribution">Weights over tokens and mask.</param>
    /// <param name="draws">Numbers to draw it by.</param>
    /// <param name="step">The step.</param>
    public void Reveal(int at, ReadOnlySpan<double> distribution, RandomStream draws, int step)
    {
        if (Measured is null)
        {
            Tokens[at] = Categorical.Draw(distribution, Uniform(draws, step, at));
            return;
        }

        Tokens[at] = Measured.Tokens[at];
        Measured.Nats[Row(at)] -= Math.Log(distribution[(int)Tokens[at]] / TensorPrimitives.Sum(distribution));
    }

    /// <summary>One call of the network: the distributions of clean tokens that it predicts, as <see cref="Decoding"/> has them.</summary>
    /// <param name="step">The step, which says what is settled.</param>
    /// <param name="asked">M indices of active tokens.</param>
    /// <param name="time">The noise time of active tokens, where it is not that of the step.</param>
    /// <returns>[M, V], 0 for the mask, in float64.</returns>
    public double[] Ask(int step, IReadOnlyList<int> asked, double? time = null)
    {
        double[] distributions = Predict(step, asked, time);
        foreach (var (m, at) in asked.Index())
            Decoding.Apply(distributions.AsSpan(m * Setup.Vocabulary.Size, Setup.Vocabulary.Size), settles: Times(step, at).Next == 0);
        return distributions;
    }

    /// <summary>The same, as the network predicts them.</summary>
    /// <inheritdoc cref="Ask"/>
    public double[] Predict(int step, IReadOnlyList<int> asked, double? time = null) => Predict(step, asked, AllAt(time));

    /// <summary>The same, where sequences differ in their noise.</summary>
    /// <param name="step">The step, which says what is settled.</param>
    /// <param name="asked">M indices of active tokens.</param>
    /// <param name="times">The noise time of the active tokens of each sequence.</param>
    /// <returns>[M, V], 0 for the mask, in float64.</returns>
    public double[] Predict(int step, IReadOnlyList<int> asked, IReadOnlyList<double>? times)
    {
        using var scope = NewDisposeScope();
        return CleanDistributions.Of(calls.Logits(Tokens, step, asked, times));
    }

    /// <summary>One call of the network.</summary>
    /// <returns>[M, V] outputs, the mask's included, in float64.</returns>
    /// <inheritdoc cref="Ask"/>
    public double[] AskOutputs(int step, IReadOnlyList<int> asked, double? time = null)
    {
        using var scope = NewDisposeScope();
        return CleanDistributions.Numbers(calls.Logits(Tokens, step, asked, AllAt(time)));
    }

    /// <summary>The sequences whose likelihood is measured; null where some are drawn.</summary>
    internal MeasuredSequences? Measured { get; init; }

    /// <summary>Whether after a number of steps a token that was not given is settled in every sequence.</summary>
    internal bool AnySettled(int steps) => firstSettled.Value <= steps;

    /// <summary>Whether every sequence has an ending among the tokens that are settled from the left on.</summary>
    internal bool HaveEnded(ReadOnlySpan<int> ending, int steps)
    {
        int settled = 0;
        while (settled < Length && Setup.Hyperschedule.SettledAfter(settled) <= steps)
            settled++;
        for (int row = 0; row < Count; row++)
        {
            if (Sequence(row).AsSpan(0, Math.Min(settled, lengths[row])).IndexOf(ending) < 0)
                return false;
        }

        return true;
    }

    /// <summary>The finished sequences, each up to its ending.</summary>
    internal int[][] Sequences(ReadOnlySpan<int> ending)
    {
        var sequences = new int[Count][];
        for (int row = 0; row < Count; row++)
        {
            sequences[row] = Sequence(row);
            if (ending.Length > 0 && sequences[row].AsSpan().IndexOf(ending) is >= 0 and var at)
                sequences[row] = sequences[row][..(at + ending.Length)];
        }

        return sequences;
    }

    private Marginal MarginalAt(int step, int position)
    {
        int level = Setup.Hyperschedule.LevelAt(step, position);
        return marginals[level] ??= Setup.At(Setup.Hyperschedule.TimeAt(step, position));
    }

    private double[]? AllAt(double? time) => time is { } given ? [.. Enumerable.Repeat(given, Count)] : null;

    private int[] Sequence(int row) => Array.ConvertAll(Tokens[(row * Length)..((row * Length) + lengths[row])], token => (int)token);
}

/// <summary>Sequences whose likelihood is measured by generating them.</summary>
/// <param name="Tokens">Rows·L true tokens.</param>
/// <param name="Nats">−ln of what their tokens were revealed with so far, row by row.</param>
internal sealed record MeasuredSequences(long[] Tokens, double[] Nats);

/// <summary>
/// Logits read as distributions of the clean token (SUBS, arXiv 2406.07524, section 3.2.3): normalised over tokens, 0 for the mask; in
/// float64, whatever the network computes in.
/// </summary>
internal static class CleanDistributions
{
    /// <summary>A softmax of each row.</summary>
    /// <param name="logits">[M, V]; the mask is the last.</param>
    /// <returns>[M·V]</returns>
    public static double[] Of(Tensor logits)
    {
        int size = (int)logits.size(-1);
        double[] distributions = Numbers(logits);
        for (int first = 0; first < distributions.Length; first += size)
        {
            var distribution = distributions.AsSpan(first, size - 1);
            TensorPrimitives.Subtract(distribution, TensorPrimitives.Max(distribution), distribution);
            TensorPrimitives.Exp(distribution, distribution);
            TensorPrimitives.Divide(distribution, TensorPrimitives.Sum(distribution), distribution);
            distributions[first + size - 1] = 0;
        }

        return distributions;
    }

    /// <summary>The elements of a tensor; few of them travel where the network computes in less than float64.</summary>
    public static double[] Numbers(Tensor outputs)
    {
        using var scope = NewDisposeScope();
        if (outputs.dtype == float64)
            return outputs.OnHost().data<double>().ToArray();
        float[] read = outputs.to(float32).OnHost().data<float>().ToArray();
        double[] numbers = GC.AllocateUninitializedArray<double>(read.Length);
        TensorPrimitives.ConvertChecked<float, double>(read, numbers);
        return numbers;
    }
}
