using Bench.Experiments.Definitions;
using Bench.Results.Runs;

namespace Bench.Experiments.Planning;

/// <summary>A run of a plan, and where it stands.</summary>
/// <param name="Spec">What is to be done.</param>
/// <param name="Id">Hash of the resolved definition and the data.</param>
/// <param name="Folder">Where it lies or will lie.</param>
/// <param name="State">Null for a run that never began; running also means interrupted.</param>
/// <param name="Why">The state in words: what starting it would do.</param>
public sealed record PlannedRun(RunSpec Spec, string Id, string Folder, RunState? State, string Why)
{
    /// <summary>The id of the run whose network judges what this one generates; null for none.</summary>
    public string? Judge { get; init; }

    /// <summary>How long its text is; null where nobody has looked.</summary>
    public TextSize? Text { get; init; }

    /// <summary>How it differs from an earlier run of the same experiment, method and seed; null where there is none, or where it has begun itself.</summary>
    public string? Change { get; init; }

    /// <summary>The state in one word.</summary>
    public string Standing => State switch
    {
        RunState.Finished => "finished",
        RunState.Failed => "failed",
        RunState.Running => "interrupted",
        _ => Change is null ? "missing" : "changed",
    };

    /// <summary>Whether carrying out the plan would work on it.</summary>
    /// <param name="retry">Whether what failed before is tried again.</param>
    public bool IsDue(bool retry) => State switch
    {
        RunState.Finished => false,
        RunState.Failed => retry,
        _ => true,
    };
}
