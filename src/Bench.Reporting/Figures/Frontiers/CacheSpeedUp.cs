using Bench.Reporting.Comparisons;
using Bench.Reporting.Figures.Drawing;

namespace Bench.Reporting.Figures.Frontiers;

/// <summary>Measured speed-up of the cache over the one predicted from the slots that it saves, a dot a method.</summary>
internal static class CacheSpeedUp
{
    public static Figure? Build(Comparison comparison) => Frontier.Of(
        $"cache{comparison.Suffix}",
        "Speed with the cache over speed without, against the ratio of input slots that go through the network. Dots: the largest batch; rings: smaller ones. On the dashed line the gain is the predicted one.",
        new Axis("Predicted speed-up (input slots without over with cache)", IsLogarithmic: true),
        Panel.ByFamily(new Axis("Measured speed-up", IsLogarithmic: true), [.. comparison.Methods.SelectMany(Lines)]),
        hasDiagonal: true);

    private static IEnumerable<Line> Lines(MethodResult method)
    {
        var pairs = CachePair.Of(method).Where(pair => pair.Predicted is not null).ToList();
        return pairs.Select((pair, i) => new Line(
            method,
            $"{pair.Cached.Batch} at once",
            [new($"{pair.Cached.Batch} at once", pair.Predicted!.Value.Value, pair.SpeedUp!.Value, pair.Cached == method.Generated.Main)])
        {
            Label = i == pairs.Count - 1 ? method.Label : "",
            Mark = i == pairs.Count - 1 ? 0 : 1,
        });
    }
}
