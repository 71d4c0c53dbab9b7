using System.Numerics.Tensors;
using Bench.Backbone;
using Bench.Hyperschedules;
using Bench.Noise;
using Bench.Numerics;
using static TorchSharp.torch;

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
    private readonly ulong[] lineages; // of each row: which of its sequence's streams its draws come from
    private readonly KnownOutputs? known; // of candidates, which often are copies of each other
    private uint copies; // how often rows were replaced
    private (int Step, int[] Tokens) active = (-1, []);

    /// <summary>Fills every position with what is given there, or else with a draw from the distribution at full noise.</summary>
    internal GenerationState(DiffusionSetup setup, NetworkCalls calls, int count, RandomStream draws, int first, Prompt prompt,
        DecodingOptions decoding, int candidates = 1)
    {
        (Setup, this.calls, Count, Draws, this.first, Decoding) = (setup, calls, count, draws, first, decoding);
        Candidates = candidates;
        lineages = [.. Enumerable.Range(0, count).Select(row => (ulong)(row % candidates))];
        known = candidates > 1 ? new(setup, count, candidates) : null;
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
            int? token = prompt.At(Sequence(Row(at)), Position(at));
            given[at] = token is not null;
            if (token is null && setup.Hyperschedule.SettledAfter(Position(at)) == 0)
                throw new ArgumentException(
                    $"{setup.Hyperschedule.Name} has position {Position(at)} settled from the start, but the prompt has no token for it",
                    nameof(prompt));
            Tokens[at] = token
                ?? Corruption.FromPrior(
                    start, setup.Vocabulary, Uniform(masked, 0, at), Own(choice, Row(at)), Sequence(Row(at)), Position(at));
        }

        calls.Given = given.Contains(true) ? given : null;
        lengths = [.. Enumerable.Range(0, Count).Select(row => prompt.LengthOf(Sequence(row), Length))];
        calls.Lengths = prompt.IsPadded ? lengths : null;
    }

    /// <summary>Noise, hyperschedule and view.</summary>
    public DiffusionSetup Setup { get; }

    /// <summary>Rows: sequences, each as often as it has candidates.</summary>
    public int Count { get; }

    /// <summary>K: rows that are candidates for one sequence, behind each other; 1 without guidance.</summary>
    public int Candidates { get; }

    /// <summary>Rewards computed so far, where generation is guided.</summary>
    public long RewardCalls { get; set; }

    /// <summary>
    /// ln of an estimate of E exp(r/α) for each sequence, whose exponential is unbiased; null where guidance gives none.
    /// </summary>
    public double[]? LogNormalisers { get; set; }

    /// <summary>Notified where rows are replaced by copies: row r is now what the row of entry r was.</summary>
    public Action<int[]>? Copied { get; set; }

    /// <summary>L: tokens in each.</summary>
    public int Length => Setup.Hyperschedule.Length;

    /// <summary>x: count·L tokens, sequence by sequence.</summary>
    public long[] Tokens { get; }

    /// <summary>Random numbers for the sampler, to be split by purpose.</summary>
    public RandomStream Draws { get; }

    /// <summary>Calls of the network so far: NFE.</summary>
    public int NetworkCalls => calls.Count;

    /// <summary>Rows of all these calls.</summary>
    public long NetworkRows => calls.Rows;

    /// <summary>How tokens are chosen from distributions; those of <see cref="Ask"/> are made so already.</summary>
    public DecodingOptions Decoding { get; }

    /// <summary>The sequence that a token belongs to.</summary>
    public int Row(int at) => at / Length;

    /// <summary>The number of the sequence that a row is a candidate for.</summary>
    public int Sequence(int row) => first + (row / Candidates);

    /// <summary>The length of a row in front of its padding.</summary>
    public int LengthOf(int row) => lengths[row];

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

    /// <summary>
    /// A number in (0, 1) for a token in a step. The first candidate has those of generation without guidance, and a row that became a copy
    /// of another has new ones.
    /// </summary>
    public double Uniform(RandomStream draws, int step, int at) =>
        Own(draws, Row(at)).Uniform(Sequence(Row(at)), ((long)step * Length) + Position(at));

    /// <summary>Numbers that belong to rows, as many to each: where a row becomes a copy of another, so do they.</summary>
    public double[] Kept(double[] numbers)
    {
        int each = numbers.Length / Count;
        Copied += from =>
        {
            double[] before = [.. numbers];
            for (int row = 0; row < from.Length; row++)
                Array.Copy(before, from[row] * each, numbers, row * each, each);
        };
        return numbers;
    }

    /// <summary>Replaces rows by copies of others of the same sequence.</summary>
    /// <param name="from">The row that each row continues from.</param>
    public void Copy(int[] from)
    {
        copies++;
        long[] before = [.. Tokens];
        foreach (var (row, source) in from.Index())
        {
            if (source == row)
                continue;
            Array.Copy(before, source * Length, Tokens, row * Length, Length);
            lineages[row] = ((ulong)copies << 32) + (uint)(row % Candidates);
        }

        if (from.Index().All(entry => entry.Index == entry.Item))
            return;
        calls.Copy(from);
        known?.Copy(from);
        Copied?.Invoke(from);
    }

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
        double[] outputs = Outputs(step, asked, times);
        CleanDistributions.Normalise(outputs, Setup.Vocabulary.Size);
        return outputs;
    }

    /// <summary>One call of the network.</summary>
    /// <returns>[M, V] outputs, the mask's included, in float64.</returns>
    /// <inheritdoc cref="Ask"/>
    public double[] AskOutputs(int step, IReadOnlyList<int> asked, double? time = null) => Outputs(step, asked, AllAt(time));

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
            if (TokensOf(row).AsSpan(0, Math.Min(settled, lengths[row])).IndexOf(ending) < 0)
                return false;
        }

        return true;
    }

    /// <summary>The finished sequences, each up to its ending: the first of its candidates.</summary>
    internal int[][] Sequences(ReadOnlySpan<int> ending)
    {
        var sequences = new int[Count / Candidates][];
        for (int n = 0; n < sequences.Length; n++)
        {
            sequences[n] = TokensOf(n * Candidates);
            if (ending.Length > 0 && sequences[n].AsSpan().IndexOf(ending) is >= 0 and var at)
                sequences[n] = sequences[n][..(at + ending.Length)];
        }

        return sequences;
    }

    private Marginal MarginalAt(int step, int position)
    {
        int level = Setup.Hyperschedule.LevelAt(step, position);
        return marginals[level] ??= Setup.At(Setup.Hyperschedule.TimeAt(step, position));
    }

    private double[]? AllAt(double? time) => time is { } given ? [.. Enumerable.Repeat(given, Count)] : null;

    private RandomStream Own(RandomStream draws, int row) => lineages[row] == 0 ? draws : draws.Split(lineages[row]);

    // [M·V]
    private double[] Outputs(int step, IReadOnlyList<int> asked, IReadOnlyList<double>? times)
    {
        return known is null ? Call(asked) : known.Of(Tokens, step, asked, times, Call);

        double[] Call(IReadOnlyList<int> those)
        {
            using var scope = NewDisposeScope();
            return CleanDistributions.Numbers(calls.Logits(Tokens, step, those, times));
        }
    }

    private int[] TokensOf(int row) => Array.ConvertAll(Tokens[(row * Length)..((row * Length) + lengths[row])], token => (int)token);
}

/// <summary>Sequences whose likelihood is measured by generating them.</summary>
/// <param name="Tokens">Rows·L true tokens.</param>
/// <param name="Nats">−ln of what their tokens were revealed with so far, row by row.</param>
internal sealed record MeasuredSequences(long[] Tokens, double[] Nats);
