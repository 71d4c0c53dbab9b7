using System.Globalization;
using Bench.Experiments.Definitions;
using Bench.Methods;

namespace Bench.Experiments.Planning;

/// <summary>How many processes train each run together, and how many of them a machine has to hold.</summary>
/// <param name="Count">Ranks.</param>
/// <param name="PerMachine">Ranks of a machine, at most.</param>
/// <remarks>
/// Ranks divide the rows of a batch and nothing else: each holds all weights, gradients and moments and takes every optimiser step; likelihoods,
/// generation and scoring are rank 0's. What they send is left out of times, since no network is known.
/// </remarks>
public sealed record RankPlan(int Count, int PerMachine)
{
    private const double Single = 4; // bytes of a gradient on its way

    /// <summary>A process for each run.</summary>
    public static RankPlan Alone { get; } = new(1, 1);

    /// <summary>Ranks that are spread evenly over machines.</summary>
    public static RankPlan On(int ranks, int machines) => new(ranks, (ranks + machines - 1) / machines);

    /// <summary>Rows of a batch that the rank with most of them computes.</summary>
    public int RowsOf(int batch) => (batch + Count - 1) / Count;

    /// <summary>How long a run takes on ranks.</summary>
    /// <param name="spec">The run.</param>
    /// <param name="alone">How long it takes in one process that has a machine, or a card, to itself.</param>
    /// <param name="hasCards">Whether each rank has a card of its own; else the ranks of a machine divide its cores.</param>
    public RunTimeEstimate TimeOf(RunSpec spec, RunTimeEstimate alone, bool hasCards)
    {
        if (Count == 1 || spec.Method is not NetworkMethod)
            return alone;
        int divided = hasCards ? 1 : PerMachine; // rank 0 has so much of its machine's cores, whatever it does
        double step = spec.Training is { } plan ? divided * RowsOf(plan.BatchSize) / (double)plan.BatchSize : 1;
        // Training that is given time takes that time, and more or fewer steps.
        return new(spec.Budget is null ? alone.Training * step : alone.Training, alone.Likelihood * divided, alone.Generation * divided)
        {
            Steps = alone.Steps is { } steps ? (long)(steps / step) : null,
        };
    }

    /// <summary>Memory that all ranks of the machine of rank 0 hold.</summary>
    /// <param name="spec">The run.</param>
    /// <param name="alone">What one process holds.</param>
    public MemoryEstimate MemoryOf(RunSpec spec, MemoryEstimate alone)
    {
        if (Count == 1 || spec is not { Training: { } plan, Parameters: { } parameters })
            return alone;
        return alone with
        {
            Program = PerMachine * alone.Program,
            // Buckets hold the gradients once more. A rank that measures nothing has no network for it.
            Weights = alone.Weights + (parameters * Single) + ((PerMachine - 1) * alone.Weights),
            Sequences = PerMachine * Math.Min(alone.Sequences, RowsOf(plan.BatchSize)),
            Processes = PerMachine,
        };
    }

    /// <summary>What a plan says of them.</summary>
    /// <param name="hasCards">As of <see cref="TimeOf"/>.</param>
    public string Note(bool hasCards) => string.Create(
        CultureInfo.InvariantCulture,
        $"{Count} ranks, {(hasCards ? "a card each" : $"{PerMachine} on a machine, whose cores they divide")}: they share the rows of each "
            + $"batch. Likelihoods, generation and scoring are rank 0's alone; what ranks send each other is left out, and optimiser steps, "
            + $"which each of them takes whole, are counted as shared.");
}
