using System.Collections.Immutable;
using System.Text.Json.Serialization;

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

/// <summary>Where a run stands: <c>status.json</c>.</summary>
/// <param name="State">Running also means interrupted: the next start resumes it.</param>
/// <param name="Reason">Why it failed, in one line; null otherwise.</param>
/// <param name="Seconds">Time spent so far, over all restarts.</param>
public sealed record RunStatus(RunState State, string? Reason = null, double Seconds = 0)
{
    /// <summary>The hashes of a finished run's files; null for any other run, and where a version finished it that kept none.</summary>
    [JsonIgnore] // no news for another process, which reads the file
    public FileHashes? Files { get; init; }

    /// <summary>Nothing is wrong, but another process holds the run. Not kept.</summary>
    [JsonIgnore]
    public bool Waits { get; init; }
}

/// <summary>The life of a run.</summary>
public enum RunState
{
    /// <summary>Started and not ended: at work, or killed and to be resumed.</summary>
    Running,

    /// <summary>Every number is there.</summary>
    Finished,

    /// <summary>Ended with a reason. A failure is a result.</summary>
    Failed,
}
