using Bench.Results;

namespace Bench.Experiments;

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
}
