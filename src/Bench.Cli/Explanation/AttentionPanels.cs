using System.Collections.Immutable;
using Bench.Hyperschedules;
using Bench.Methods;
using Bench.Models;
using Bench.Reporting.Figures;

namespace Bench.Cli.Explanation;

/// <summary>Attention masks of methods in the course of generation: query (rows) by key (columns), 0 where it may not attend, else what the query is.</summary>
internal static class AttentionPanels
{
    private const string Name = "attention-masks";
    private const string Blocked = "0";
    private const string Settled = "1";
    private const string Active = "2";

    public static PictureGrid Of(IEnumerable<(string Title, NetworkMethod Method)> methods, int length) =>
        Of(methods.Select(entry => (entry.Method.Name, entry.Title, entry.Method.Hyperschedule(length, length), entry.Method.View)));

    /// <summary>Steps of generation along any hyperschedules of one length, each with a name for its file.</summary>
    public static PictureGrid Of(IEnumerable<(string Name, string Title, Hyperschedule Path, BackboneView View)> steps)
    {
        var all = steps.ToList();
        return new(
            Name,
            PictureKind.Attention,
            $"Which of {all[0].Path.Length} positions (across) a position (down) attends to in a step of generation: settled ones (grey) and active ones (blue). Those behind them are not given to the network.",
            [.. all.Select(entry => new PicturePanel(entry.Name, entry.Title, Step(entry.Path, entry.View)))]);
    }

    /// <summary>The pass of training that has every token twice, clean ones first: all steps of a hyperschedule at once.</summary>
    public static PictureGrid Doubled(IEnumerable<(string Name, string Title, BackboneView View)> views, int length, int width) => new(
        $"{Name}-training",
        PictureKind.Attention,
        $"Training on all {length / width} blocks of {width} tokens in one pass: every token is there twice, clean (grey) and noisy (blue). A noisy block sees itself and the clean blocks before it.",
        [.. views.Select(entry => new PicturePanel(entry.Name, entry.Title, Pass(Hyperschedule.Block(length, width, depth: width), width, entry.View)))]);

    private static ImmutableArray<ImmutableArray<string>> Step(Hyperschedule path, BackboneView view)
    {
        int step = StepMask.Telling(path);
        var mask = StepMask.Of(path, step, view);
        return Square(path.Length, (query, key) => Sign(path.RegionAt(step, query), mask[query][key]));
    }

    private static ImmutableArray<ImmutableArray<string>> Pass(Hyperschedule path, int width, BackboneView view)
    {
        // Every block at its first step.
        ImmutableArray<int> steps = [.. Enumerable.Range(0, path.Length).Select(i => i / width * width)];
        var layout = Layout.Doubled(path, [new Snapshot(steps, [.. steps.Select(_ => 1.0)], Next: null, Weight: 1)], view);
        return Square(layout.Columns, (query, key) => Sign(query < path.Length ? Region.Settled : Region.Active, layout.Sees(0, query, key)));
    }

    private static ImmutableArray<ImmutableArray<string>> Square(int size, Func<int, int, string> sign) =>
        [.. Enumerable.Range(0, size).Select(query => Enumerable.Range(0, size).Select(key => sign(query, key)).ToImmutableArray())];

    private static string Sign(Region query, bool attends) => !attends ? Blocked : query == Region.Settled ? Settled : Active;
}
