
using System.Collections.Immutable;
using Bench.Data;
using Bench.Experiments.Definitions;
using Bench.Experiments.Machine;
using Bench.Results;
using Bench.Results.Files;
using Bench.Results.Runs;

namespace Bench.Experiments.Planning;

/// <summary>Runs with their names and where each of them stands: what would happen, before it happens.</summary>
public sealed class Plan
{
    private readonly Dictionary<string, RunCost> costs = new(StringComparer.Ordinal);
    private readonly string folder; // of the results
    private readonly CancellationToken stop;

    private Plan(ImmutableArray<PlannedRun> runs, string folder, CancellationToken stop) => (Runs, this.folder, this.stop) = (
        runs, folder, stop);

    /// <summary>How many processes train each run.</summary>
    public RankPlan Ranks { get; private init; } = RankPlan.Alone;

    /// <summary>Scorers, then all in the order of the definitions; none is there twice.</summary>
    public ImmutableArray<PlannedRun> Runs { get; }

    /// <summary>Plans runs. Their corpora are opened, since a run is named after what it reads.</summary>
    /// <param name="runs">The runs.</param>
    /// <param name="library">Where texts come from.</param>
    /// <param name="store">Where results are.</param>
    /// <param name="stop">Ends the planning between two runs, and so the counting of what they cost.</param>
    /// <exception cref="SuiteException">
    /// A corpus cannot be had or read, a run's <c>status.json</c> is damaged, or a file of a finished run has changed.
    /// </exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static Plan Of(IReadOnlyList<RunSpec> runs, DataLibrary library, RunStore store, CancellationToken stop = default)
    {
        runs = [.. runs.Select(run => run.Scorer).OfType<RunSpec>(), .. runs]; // runs that are scored need the scorer first
        var texts = new Dictionary<DataSpec, (string Hash, TextSize Size)>();
        foreach (var data in runs.Select(run => run.Data).Distinct())
        {
            using var dataset = data.Open(library);
            texts[data] = (dataset.Hash, TextSize.Of(dataset));
        }

        PlannedRun[] planned = [.. runs.Select(run => Of(run, texts[run.Data].Hash, store, stop) with { Text = texts[run.Data].Size })
            .DistinctBy(run => run.Folder)];
        var ids = planned.Select(run => run.Id).ToHashSet(StringComparer.Ordinal);
        var earlier = new EarlierRuns(store);
        return new(
            [.. planned.Select(
                run => run.State is null && earlier.Change(run.Spec.Definition(texts[run.Spec.Data].Hash), ids) is { } change
                    ? run with { Change = change, Why = $"changed: {change}" }
                    : run)], store.Root, stop);
    }

    /// <summary>
    /// Runs that were planned before; no definition is read again, and no text. How far they are is read from their folders.
    /// </summary>
    /// <param name="lines">Runs as <see cref="PlannedRun.ToJson"/> writes them, scorers first.</param>
    /// <param name="store">Where results are.</param>
    /// <param name="stop">Ends the counting of what they cost.</param>
    /// <exception cref="SuiteException">A line is no run, or what is in a run's folder is damaged.</exception>
    public static Plan OfResolved(IEnumerable<string> lines, RunStore store, CancellationToken stop = default)
    {
        return new([.. lines.Select(PlannedRun.FromJson).Select(Now)], store.Root, stop);

        static PlannedRun Now(PlannedRun run)
        {
            var status = RunStore.StatusAt(run.Folder);
            return run with
            {
                State = status?.State,
                Why = Why(run.Spec, status, run.Folder),
                ToPlanAnew = "Runs are resolved when they are submitted, and a task cannot plan them anew: give 'bench submit' again.",
            };
        }
    }

    /// <summary>What a run of the plan takes.</summary>
    public RunCost CostOf(PlannedRun run)
    {
        stop.ThrowIfCancellationRequested();
        if (!costs.TryGetValue(run.Folder, out var cost))
            costs[run.Folder] = cost = CostOf(run, StepBudget.KeptSteps(run.Folder));
        return cost;
    }

    /// <summary>What it takes when what is given time makes as many steps as are expected of it.</summary>
    public RunCost CostOf(PlannedRun run, RunTimeEstimate expected) => expected.Steps is { } steps ? CostOf(run, steps) : CostOf(run);

    /// <summary>What there is no room for on a machine, of what has not finished.</summary>
    /// <param name="machine">The machine.</param>
    /// <param name="retry">Whether what failed before counts.</param>
    /// <param name="jobs">How many runs are at work at once.</param>
    public ImmutableArray<Problem> Misfits(MachineLimits machine, bool retry = true, int jobs = 1) =>
        new Misfits(machine).Of([.. Runs.Where(run => run.IsDue(retry)).Select(run => (run.Spec, AheadOf(run)))], folder, jobs);

    /// <summary>Bytes on disk that what has not finished takes at the worst.</summary>
    public long DiskOfDue => Planning.Misfits.DiskOf([.. Runs.Where(run => run.IsDue(retry: true)).Select(AheadOf)], jobs: 1);

    /// <summary>The same plan with trainings in micro-batches, as <see cref="PlannedRun.InMicroBatches"/> makes them.</summary>
    public Plan InMicroBatches(int? rows) => rows is null ? this : Of([.. Runs.Select(run => run.InMicroBatches(rows))]);

    /// <summary>The same plan with each run trained by several processes.</summary>
    public Plan OnRanks(RankPlan ranks) => new(Runs, folder, stop) { Ranks = ranks };

    /// <summary>Some of the runs, and the scorers that they need.</summary>
    /// <param name="ids">Ids, or beginnings of ids.</param>
    /// <exception cref="SuiteException">Something begins no id of the plan.</exception>
    public Plan Only(IReadOnlyCollection<string> ids)
    {
        string[] unknown = [.. ids.Where(id => !Runs.Any(run => run.Id.StartsWith(id, StringComparison.Ordinal)))];
        if (unknown.Length > 0)
            throw new SuiteException($"no run of these definitions has an id that begins with {string.Join(" or ", unknown)}",
                "Take ids from the last column of 'bench plan'.");
        PlannedRun[] chosen = [.. Runs.Where(run => ids.Any(id => run.Id.StartsWith(id, StringComparison.Ordinal)))];
        return Of([.. Runs.Where(run => chosen.Contains(run) || chosen.Any(other => other.Scorer == run.Id))]);
    }

    /// <summary>
    /// Runs that differ from some others in nothing but the seed, so many of a kind and those others among them, and the scorers that they
    /// need.
    /// </summary>
    /// <param name="ids">Ids of the others; an id that the plan lacks has none.</param>
    /// <param name="seeds">How many of a kind, at most.</param>
    public Plan WithMoreSeeds(IReadOnlyCollection<string> ids, int seeds) => Only(
    [
        .. Runs.GroupBy(run => (run.Spec with { Seed = 0 }).Definition("").Canonical, StringComparer.Ordinal)
            .Where(kind => kind.Any(run => ids.Contains(run.Id)))
            .SelectMany(kind => kind.OrderBy(run => !ids.Contains(run.Id)).Take(seeds))
            .Select(run => run.Id),
    ]);

    private RunCost AheadOf(PlannedRun run) => CostOf(run).Beyond(Checkpoints.Bytes(run.Folder));

    private Plan Of(ImmutableArray<PlannedRun> runs) => new(runs, folder, stop) { Ranks = Ranks };

    private RunCost CostOf(PlannedRun run, long? steps)
    {
        var cost = RunCost.Of(steps is { } known ? run.Spec.Taking(known) : run.Spec, run.Text);
        return cost with { Memory = Ranks.MemoryOf(run.Spec, cost.Memory) };
    }

    private static PlannedRun Of(RunSpec spec, string hash, RunStore store, CancellationToken stop)
    {
        stop.ThrowIfCancellationRequested();
        var definition = spec.Definition(hash);
        string place = store.FolderOf(definition);
        var status = store.StatusOf(definition);
        return new(spec, RunId.Of(definition, definition.DataHash), place, status?.State, Why(spec, status, place))
        {
            Scorer = spec.Scorer is { } scorer ? RunId.Of(scorer.Definition(hash), hash) : null,
        };
    }

    private static string Why(RunSpec spec, RunStatus? status, string folder) => status switch
    {
        null => "not begun",
        { State: RunState.Finished, Files: null } => $"finished in {status.Seconds:0} s, by a version that kept no hashes of its files",
        { State: RunState.Finished } => $"finished in {status.Seconds:0} s",
        { State: RunState.Failed } => $"failed: {status.Reason}",
        _ when spec.Training is { } plan && Checkpoints.NewestStep(folder) is { } step =>
            $"interrupted: goes on after step "
                + $"{step}{((spec.Budget is null ? plan.Steps : StepBudget.KeptSteps(folder)) is { } all ? $" of {all}" : "")}",
        _ => "interrupted: begins again",
    };
}

/// <summary>Why a run is not in the store: how it differs from one that is.</summary>
/// <param name="store">The results.</param>
internal sealed class EarlierRuns(RunStore store)
{
    private const int Named = 3;

    private readonly Dictionary<string, ImmutableArray<RunDefinition>> known = new(StringComparer.Ordinal);

    /// <summary>
    /// How a run differs from the earlier one of the same experiment, method and seed that it differs least from; null where there is none.
    /// </summary>
    /// <param name="definition">The run.</param>
    /// <param name="planned">Ids that belong to the same plan: cells of a sweep are no changes of each other.</param>
    public string? Change(RunDefinition definition, IReadOnlySet<string> planned)
    {
        var nearest = Of(definition.Experiment)
            .Where(other => other.Method == definition.Method && other.Seed == definition.Seed && !planned.Contains(IdOf(other)))
            .Select(other => (Id: IdOf(other), Differences: Differences(other, definition)))
            .OrderBy(other => other.Differences.Length)
            .FirstOrDefault();
        return nearest.Id is null ? null : $"{Text(nearest.Differences)} since {nearest.Id}";
    }

    private static ImmutableArray<string> Differences(RunDefinition before, RunDefinition now)
    {
        var (old, own) = (Leaves(before), Leaves(now));
        return
        [
            .. old.Keys.Union(own.Keys).Order(StringComparer.Ordinal)
                .Where(key => old.GetValueOrDefault(key) != own.GetValueOrDefault(key))
                .Select(key => key switch
                {
                    "data.hash" => "data changed",
                    _ when key == ExperimentKeys.Scorer.StoredName => "scorer changed",
                    _ => $"{RunJson.Shown(key)} {Value(old, key)} -> {Value(own, key)}",
                }),
        ];
    }

    private static string Value(Dictionary<string, string> leaves, string key) => leaves.GetValueOrDefault(key, "none");

    // What the run is named after: titles and other texts change nothing.
    private static Dictionary<string, string> Leaves(RunDefinition definition) =>
        RunDefinition.Parse(definition.Measured).Leaves().ToDictionary(leaf => leaf.Key, leaf => leaf.Value, StringComparer.Ordinal);

    private static string Text(ImmutableArray<string> differences) =>
        string.Join(", ", differences.Take(Named)) + (differences.Length > Named ? $" and {differences.Length - Named} more" : "");

    private static string IdOf(RunDefinition definition) => RunId.Of(definition, definition.DataHash);

    private ImmutableArray<RunDefinition> Of(string experiment)
    {
        if (!this.known.TryGetValue(experiment, out var known))
            this.known[experiment] = known = [.. Read(Path.Combine(store.Root, "runs", experiment))];
        return known;
    }

    private static IEnumerable<RunDefinition> Read(string folder)
    {
        if (!Directory.Exists(folder))
            yield break;
        foreach (string file in Directory.EnumerateDirectories(folder).Order(StringComparer.Ordinal)
            .Select(run => Path.Combine(run, "definition.json")).Where(File.Exists))
        {
            RunDefinition definition;
            try
            {
                definition = RunDefinition.Parse(InputFile.ReadText(file));
            }
            catch (SuiteException)
            {
                continue; // It explains nothing; that it is damaged is reported where it is needed.
            }

            yield return definition;
        }
    }
}
