using System.Collections.Immutable;

namespace Bench.Experiments.Slurm;

/// <summary>What is to be done on a cluster, and how a machine of it does it. Paths are absolute, since every machine sees the same folders.</summary>
public sealed record Order
{
    /// <summary>Of the experiment.</summary>
    public required string Name { get; init; }

    public required SlurmProfile Profile { get; init; }

    public required ImmutableArray<FrozenDefinition> Definitions { get; init; }

    /// <summary>Runs whose networks judge what others generate; they come first.</summary>
    public required ImmutableArray<ArrayTask> Judges { get; init; }

    /// <summary>All others.</summary>
    public required ImmutableArray<ArrayTask> Runs { get; init; }

    /// <summary>What starts this program.</summary>
    public required ImmutableArray<string> Program { get; init; }

    /// <summary>The folder that it is started in: paths inside definitions count from there.</summary>
    public required string Place { get; init; }

    /// <summary>The results folder.</summary>
    public required string Results { get; init; }

    /// <summary>The report's folder.</summary>
    public required string Report { get; init; }

    /// <summary>The cache folder: corpora that were opened for planning are there already.</summary>
    public required string Cache { get; init; }

    /// <summary>Run again what failed before.</summary>
    public bool Retry { get; init; }
}
