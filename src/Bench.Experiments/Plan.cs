using System.Collections.Immutable;
using Bench.Data;
using Bench.Experiments.Running;
using Bench.Results;

namespace Bench.Experiments;

/// <summary>Runs with their names and where each of them stands: what would happen, before it happens.</summary>
public sealed class Plan
{
    private Plan(ImmutableArray<PlannedRun> runs) => Runs = runs;

    /// <summary>Judges, then all in the order of the definitions; none is there twice.</summary>
    public ImmutableArray<PlannedRun> Runs { get; }

    /// <summary>Plans runs. Their corpora are opened, since a run is named after what it reads.</summary>
    /// <exception cref="SuiteException">A corpus cannot be had or read, or a run's <c>status.json</c> is damaged.</exception>
    public static Plan Of(IReadOnlyList<RunSpec> runs, DataLibrary library, RunStore store)
    {
        runs = [.. runs.Select(run => run.Judge).OfType<RunSpec>(), .. runs]; // whoever is judged needs the judge first
        var hashes = new Dictionary<DataSpec, string>();
        foreach (var data in runs.Select(run => run.Data).Distinct())
        {
            using var dataset = data.Open(library);
            hashes[data] = dataset.Hash;
        }

        return new([.. runs.Select(run => Of(run, run.Definition(hashes[run.Data]), store)).DistinctBy(run => run.Folder)]);
    }

    private static PlannedRun Of(RunSpec spec, RunDefinition definition, RunStore store)
    {
        string folder = store.FolderOf(definition);
        var status = store.StatusOf(definition);
        return new(spec, RunId.Of(definition, definition.DataHash), folder, status?.State, Why(spec, status, folder));
    }

    private static string Why(RunSpec spec, RunStatus? status, string folder) => status switch
    {
        null => "not begun",
        { State: RunState.Finished } => $"finished in {status.Seconds:0} s",
        { State: RunState.Failed } => $"failed: {status.Reason}",
        _ when spec.Training is { } plan && Checkpoints.NewestStep(folder) is { } step => $"interrupted: goes on after step {step} of {plan.Steps}",
        _ => "interrupted: begins again",
    };
}
