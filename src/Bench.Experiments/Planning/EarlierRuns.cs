using System.Collections.Immutable;
using Bench.Results;
using Bench.Results.Files;
using Bench.Results.Runs;

namespace Bench.Experiments.Planning;

/// <summary>Why a run that is not in the store is not there: what differs from one that is.</summary>
/// <param name="store">The results.</param>
internal sealed class EarlierRuns(RunStore store)
{
    private const int Named = 3;

    private readonly Dictionary<string, ImmutableArray<RunDefinition>> _known = new(StringComparer.Ordinal);

    /// <summary>How a run differs from the earlier one of the same experiment, method and seed that it differs least from; null where there is none.</summary>
    /// <param name="definition">The run.</param>
    /// <param name="planned">Ids that belong to the same plan: cells of a sweep are no changes of each other.</param>
    public string? Change(RunDefinition definition, IReadOnlySet<string> planned)
    {
        var nearest = Of(definition.Experiment)
            .Where(other => other.Method == definition.Method && other.Seed == definition.Seed && !planned.Contains(IdOf(other)))
            .Select(other => (Id: IdOf(other), Differences: Differences(other, definition)))
            .OrderBy(other => other.Differences.Length)
            .FirstOrDefault();
        return nearest.Id is null ? null : $"{Words(nearest.Differences)} since {nearest.Id}";
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
                    "judge" => "judge changed",
                    _ => $"{key} {Value(old, key)} -> {Value(own, key)}",
                }),
        ];
    }

    private static string Value(Dictionary<string, string> leaves, string key) => leaves.GetValueOrDefault(key, "none");

    // What the run is named after: its words change nothing.
    private static Dictionary<string, string> Leaves(RunDefinition definition) => RunDefinition.Parse(definition.Measured).Leaves().ToDictionary(leaf => leaf.Key, leaf => leaf.Value, StringComparer.Ordinal);

    private static string Words(ImmutableArray<string> differences) =>
        string.Join(", ", differences.Take(Named)) + (differences.Length > Named ? $" and {differences.Length - Named} more" : "");

    private static string IdOf(RunDefinition definition) => RunId.Of(definition, definition.DataHash);

    private ImmutableArray<RunDefinition> Of(string experiment)
    {
        if (!_known.TryGetValue(experiment, out var known))
            _known[experiment] = known = [.. Read(Path.Combine(store.Root, "runs", experiment))];
        return known;
    }

    private static IEnumerable<RunDefinition> Read(string folder)
    {
        if (!Directory.Exists(folder))
            yield break;
        foreach (string file in Directory.EnumerateDirectories(folder).Order(StringComparer.Ordinal).Select(run => Path.Combine(run, "definition.json")).Where(File.Exists))
        {
            RunDefinition definition;
            try
            {
                definition = RunDefinition.Parse(InputFile.ReadText(file));
            }
            catch (SuiteException)
            {
                continue; // It explains nothing, and whoever needs it will say that it is damaged.
            }

            yield return definition;
        }
    }
}
