using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Bench.Experiments.Keys;
using Bench.Experiments.Yaml;
using Bench.Hyperschedules;

namespace Bench.Experiments.Nouns;

/// <summary>Levels written out: a list of steps, each a list with a whole number a position.</summary>
internal sealed class LevelRows : Kind<ImmutableArray<ImmutableArray<int>>>
{
    private static readonly Number<int> Level = new(new(0, 65_536), "it is a level", "Use 0 for settled and the greatest number for pure noise.");

    /// <inheritdoc/>
    public override string Expected => "a list of steps, each a list with a level a position";

    /// <inheritdoc/>
    public override JsonObject Schema() => new() { ["type"] = "array", ["items"] = new JsonObject { ["type"] = "array", ["items"] = Level.Schema() } };

    /// <inheritdoc/>
    public override bool TryRead(Node node, string path, Report report, out ImmutableArray<ImmutableArray<int>> value)
    {
        if (node is not Sequence list || list.Items.FirstOrDefault(item => item is not Sequence) is not null)
            return Refuse((node as Sequence)?.Items.FirstOrDefault(item => item is not Sequence) ?? node, path, report, out value);
        int before = report.Count;
        value = [.. list.Items.Select(row => ((Sequence)row).Items.Select(cell => Level.TryRead(cell, path, report, out int level) ? level : 0).ToImmutableArray())];
        if (value.Sum(row => (long)row.Length) > LevelTable.MostLevels)
            report.Add(node, $"{path} has more than {LevelTable.MostLevels} levels", "Use one of the named hyperschedules.");
        if (report.Count == before)
            CheckRules(list, value, path, report);
        return report.Count == before;
    }

    // Each level that breaks a rule is pointed out where it stands.
    private static void CheckRules(Sequence rows, ImmutableArray<ImmutableArray<int>> levels, string path, Report report)
    {
        Node at = rows;
        foreach (var problem in LevelTable.Problems([.. levels], Place))
            report.Add(at, $"{path}: {problem.What}", problem.Fix);

        string Place(int step, int position)
        {
            var row = rows.Items.ElementAtOrDefault(step) as Sequence;
            at = row?.Items.ElementAtOrDefault(position) ?? row ?? (Node)rows;
            return path;
        }
    }
}
