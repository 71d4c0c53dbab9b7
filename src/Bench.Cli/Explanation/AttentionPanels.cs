using System.Collections.Immutable;
using Bench.Hyperschedules;
using Bench.Methods;
using Bench.Models;
using Bench.Reporting.Figures;

namespace Bench.Cli.Explanation;

/// <summary>Attention masks of methods in the course of generation: query (rows) by key (columns), 0 where it may not attend, else what the query is.</summary>
internal static class AttentionPanels
{
    private const string Blocked = "0";
    private const string Settled = "1";
    private const string Active = "2";

    public static PictureGrid Of(IEnumerable<(string Title, NetworkMethod Method)> methods, int length) => new(
        "attention-masks",
        $"Which of {length} positions (across) a position (down) attends to in a step of generation: settled ones (grey) and active ones (blue). Those behind them are not given to the network.",
        [.. methods.Select(entry => new Panel(entry.Method.Name, entry.Title, Rows(entry.Method, length)))]);

    private static ImmutableArray<ImmutableArray<string>> Rows(NetworkMethod method, int length)
    {
        var path = method.Hyperschedule(length, length);
        int step = StepMask.Telling(path);
        var mask = StepMask.Of(path, step, method.View);
        return [.. Enumerable.Range(0, length).Select(query => Enumerable.Range(0, length).Select(key => Sign(path.RegionAt(step, query), mask[query][key])).ToImmutableArray())];
    }

    private static string Sign(Region query, bool attends) => !attends ? Blocked : query == Region.Settled ? Settled : Active;
}
