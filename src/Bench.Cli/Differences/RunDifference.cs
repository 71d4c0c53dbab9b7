using System.Collections.Immutable;
using System.Text.Json;
using Bench.Cli.Display;
using Bench.Reporting.Tables;
using Bench.Results;

namespace Bench.Cli.Differences;

/// <summary>In what two runs differ, table by table; there is none for what is the same.</summary>
internal static class RunDifference
{
    public static IEnumerable<TextTable> Of(RunRecord left, RunRecord right)
    {
        TextTable[] all =
        [
            Values("Definition", left.Definition.Leaves(), right.Definition.Leaves()),
            Values("Environment", Facts(left), Facts(right)),
            MetricDifference.Of(left, right),
            FileDifference.Of(left.Folder, right.Folder),
        ];
        return all.Where(table => table.Rows.Length > 0);
    }

    /// <summary>Each thing of two lists that is not the same in both.</summary>
    public static IEnumerable<(TKey Key, TValue? Left, TValue? Right)> Pairs<TKey, TValue>(IEnumerable<KeyValuePair<TKey, TValue>> left, IEnumerable<KeyValuePair<TKey, TValue>> right)
        where TKey : notnull
        where TValue : class
    {
        var there = right.DistinctBy(pair => pair.Key).ToDictionary();
        var here = left.DistinctBy(pair => pair.Key).ToDictionary();
        return here.Keys.Union(there.Keys).Select(key => (key, here.GetValueOrDefault(key), there.GetValueOrDefault(key))).Where(pair => !Equals(pair.Item2, pair.Item3));
    }

    private static TextTable Values(string caption, IEnumerable<KeyValuePair<string, string>> left, IEnumerable<KeyValuePair<string, string>> right) => TableDisplay.Words(
        caption,
        ["What", "A", "B"],
        Pairs(left, right).Select(pair => (ImmutableArray<string>)[pair.Key, pair.Left ?? Table.Dash, pair.Right ?? Table.Dash]));

    private static IEnumerable<KeyValuePair<string, string>> Facts(RunRecord run)
    {
        var state = new KeyValuePair<string, string>("State", $"{run.Status.State}{(run.Status.Reason is { } reason ? $": {reason}" : "")}");
        return run.Environment is null
            ? [state]
            : JsonSerializer.SerializeToElement(run.Environment).EnumerateObject().Select(fact => KeyValuePair.Create(fact.Name, fact.Value.ToString())).Append(state);
    }
}
