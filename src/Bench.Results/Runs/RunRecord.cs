using System.Collections.Immutable;

namespace Bench.Results.Runs;

/// <summary>A run folder, read. A run that was killed or failed early has empty metrics, no environment, or both.</summary>
public sealed record RunRecord
{
    /// <summary>Hash of the resolved definition and the data; the folder's name.</summary>
    public required string Id { get; init; }

    /// <summary>The folder, as an absolute path.</summary>
    public required string Folder { get; init; }

    public required RunDefinition Definition { get; init; }
    public required RunStatus Status { get; init; }
    public EnvironmentRecord? Environment { get; init; }
    public ImmutableArray<Metric> Metrics { get; init; } = [];
    /// <summary>What was measured of generated text; the first row's setting is the main one.</summary>
    public ImmutableArray<GenerationMetric> Generation { get; init; } = [];

    public ImmutableArray<TrainingPoint> Curve { get; init; } = [];
    public ImmutableArray<Sample> Samples { get; init; } = [];

    /// <summary>Whether the run was finished by a version that kept no hashes: a change to its files would go unnoticed.</summary>
    public bool LacksHashes => Status is { State: RunState.Finished, Files: null };

    public string Experiment => Definition.Experiment;
    public string Method => Definition.Method;
    public long Seed => Definition.Seed;

    /// <summary>The metric of that name on that split, or null.</summary>
    public Metric? Find(string name, string split = Splits.None) =>
        Metrics.FirstOrDefault(metric => metric.Name == name && metric.Split == split);
}
