using Bench.Hyperschedules;
using Bench.Models;
using Bench.Noise;
using Bench.Numerics;
using static TorchSharp.torch;

namespace Bench.Sampling;

/// <summary>Sequences in the making: what samplers do alike whatever their step is.</summary>
public sealed class Canvas
{
    private readonly NetworkCalls calls;
    private readonly int first;
    private readonly bool[] given;
    private readonly Marginal?[] marginals; // of each level: they are asked for token by token
    private readonly Lazy<int> firstSettled;
    private (int Step, int[] Tokens) active = (-1, []);

    /// <summary>Fills every position with what is given there, or else with a draw from the law at full noise.</summary>
    internal Canvas(Denoising problem, NetworkCalls calls, int count, RandomStream draws, int first, Prompt prompt, Choice choice)
    {
        (Problem, this.calls, Count, Draws, this.first, Choice) = (problem, calls, count, draws, first, choice);
        if (prompt.Problem(Length, problem.Words.Words) is { } misfit)
            throw new ArgumentException(misfit, nameof(prompt));
        Tokens = new long[count * Length];
        given = new bool[Tokens.Length];
        marginals = new Marginal?[problem.Path.Depth + 1];
        firstSettled = new(() => Enumerable.Range(0, Count).Select(row =>
            Enumerable.Range(0, Length).Where(i => !given[(row * Length) + i]).Select(problem.Path.SettledAfter).DefaultIfEmpty(int.MaxValue).Min()).DefaultIfEmpty().Max());
        var prior = draws.Split("prior");
        var (masked, words) = (prior.Split("masked"), prior.Split("words"));
        for (int at = 0; at < Tokens.Length; at++)
        {
            int? word = prompt.At(first + Row(at), Position(at));
            given[at] = word is not null;
            if (word is null && problem.Path.SettledAfter(Position(at)) == 0)
                throw new ArgumentException($"{problem.Path.Name} has position {Position(at)} settled from the start, but the prompt has no word for it", nameof(prompt));
            Tokens[at] = word ?? (Uniform(masked, 0, at) < problem.Start.Mask ? problem.Words.MaskId : words.Below(problem.Words.Words, first + Row(at), Position(at)));
        }
    }

    /// <summary>Noise, hyperschedule and view.</summary>
    public Denoising Problem { get; }

    /// <summary>Sequences.</summary>
    public int Count { get; }

    /// <summary>L: tokens in each.</summary>
    public int Length => Problem.Path.Length;

    /// <summary>x: count·L tokens, sequence by sequence.</summary>
    public long[] Tokens { get; }

    /// <summary>Random numbers for the sampler, to be split by purpose.</summary>
    public RandomStream Draws { get; }

    /// <summary>Calls of the network so far: NFE.</summary>
    public int NetworkCalls => calls.Count;

    /// <summary>How words are chosen from laws; those of <see cref="Ask"/> are made so already.</summary>
    public Choice Choice { get; }

    /// <summary>The sequence that a token belongs to.</summary>
    public int Row(int at) => at / Length;

    /// <summary>The position of a token in its sequence.</summary>
    public int Position(int at) => at % Length;

    /// <summary>Whether a token was given and stays.</summary>
    public bool IsGiven(int at) => given[at];

    /// <summary>Whether a token is a mask.</summary>
    public bool IsMasked(int at) => Tokens[at] == Problem.Words.MaskId;

    /// <summary>Indices into <see cref="Tokens"/> of the tokens that a step may change.</summary>
    public IReadOnlyList<int> Active(int step)
    {
        if (active.Step != step)
        {
            int[] positions = [.. Enumerable.Range(0, Length).Where(i => Problem.Path.RegionAt(step, i) == Region.Active)];
            active = (step, [.. Enumerable.Range(0, Count).SelectMany(row => positions.Select(i => (row * Length) + i)).Where(at => !given[at])]);
        }

        return active.Tokens;
    }

    /// <summary>The marginals of a token after a step, and before it.</summary>
    public (Marginal S, Marginal T) Step(int step, int at) =>
        (MarginalAt(step + 1, Position(at)), MarginalAt(step, Position(at)));

    /// <summary>The noise times of a token before a step, and after it.</summary>
    public (double Now, double Next) Times(int step, int at) => (Problem.Path.TimeAt(step, Position(at)), Problem.Path.TimeAt(step + 1, Position(at)));

    /// <summary>A number in (0, 1) for a token in a step.</summary>
    public double Uniform(RandomStream draws, int step, int at) => draws.Uniform(first + Row(at), ((long)step * Length) + Position(at));

    /// <summary>One call of the network: the laws of clean tokens that it predicts, as <see cref="Choice"/> has them.</summary>
    /// <param name="step">The step, which says what is settled.</param>
    /// <param name="asked">M indices of active tokens.</param>
    /// <param name="time">The noise time of active tokens, where it is not that of the step.</param>
    /// <returns>[M, V], 0 for the mask, in float64.</returns>
    public double[] Ask(int step, IReadOnlyList<int> asked, double? time = null)
    {
        double[] laws = Predict(step, asked, time);
        foreach (var (m, at) in asked.Index())
            Choice.Apply(laws.AsSpan(m * Problem.Words.Size, Problem.Words.Size), settles: Times(step, at).Next == 0);
        return laws;
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
        return CleanLaws.Of(calls.Logits(Tokens, step, asked, times));
    }

    /// <summary>One call of the network.</summary>
    /// <returns>[M, V] what it says, the mask included, in float64.</returns>
    /// <inheritdoc cref="Ask"/>
    public double[] AskOutputs(int step, IReadOnlyList<int> asked, double? time = null)
    {
        using var scope = NewDisposeScope();
        return CleanLaws.Numbers(calls.Logits(Tokens, step, asked, AllAt(time)));
    }

    /// <summary>Whether after a number of steps a token that was not given is settled in every sequence.</summary>
    internal bool AnySettled(int steps) => firstSettled.Value <= steps;

    /// <summary>Whether every sequence has an ending among the tokens that are settled from the left on.</summary>
    internal bool HaveEnded(ReadOnlySpan<int> ending, int steps)
    {
        int settled = 0;
        while (settled < Length && Problem.Path.SettledAfter(settled) <= steps)
            settled++;
        for (int row = 0; row < Count; row++)
        {
            if (Sequence(row)[..settled].AsSpan().IndexOf(ending) < 0)
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
        int level = Problem.Path.LevelAt(step, position);
        return marginals[level] ??= Problem.At(Problem.Path.TimeAt(step, position));
    }

    private double[]? AllAt(double? time) => time is { } given ? [.. Enumerable.Repeat(given, Count)] : null;

    private int[] Sequence(int row) => Array.ConvertAll(Tokens[(row * Length)..((row + 1) * Length)], token => (int)token);
}
