using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Bench.Experiments.Keys;
using Bench.Experiments.Yaml;

namespace Bench.Experiments.Nouns;

/// <summary>Levels written out: a list of steps, each a list with a whole number a position.</summary>
internal sealed class LevelRows : Kind<ImmutableArray<ImmutableArray<int>>>
{
    private const int Most = 1 << 22;
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
        if (value.Sum(row => (long)row.Length) > Most)
            report.Add(node, $"{path} has more than {Most} levels", "Use one of the named hyperschedules.");
        return report.Count == before;
    }
}
