using Bench.Reporting.Figures.Drawing;
using System.Collections.Immutable;
using Bench.Reporting.Comparisons;
using Bench.Results;
using Bench.Results.Metrics;

namespace Bench.Reporting.Figures.Frontiers;

/// <summary>Quality against time: perplexity under a scorer over tokens per second, through steps, with the cache and without.</summary>
internal static class SpeedFrontier
{
    public static Figure? Build(Comparison comparison, string scorer) => Frontier.Of(
        $"speed{comparison.Suffix}",
        $"Perplexity under {scorer} over speed, at the main setting and through steps. Dots: with keys and values kept; rings: without.",
        Axis.Of(GenerationCosts.TokensPerSecond),
        Panel.ByFamily(Axis.Of(ScoredText.Perplexity, scorer), [.. comparison.Methods.SelectMany(method => Lines(method, scorer))]));

    // Without the cache first: a dot lies on top of a ring where the two are joined.
    private static IEnumerable<Line> Lines(MethodResult method, string scorer)
    {
        if (method.Generated.Main is not { } main)
            return [];
        var without = Points(method, main, scorer, isCached: false);
        var with = Points(method, main, scorer, isCached: true);
        if (without.IsEmpty || with.IsEmpty)
            return ((ImmutableArray<Point>[])[without, with]).Where(points => !points.IsEmpty).Select(points => new Line(method, "", points) { Mark = with.IsEmpty ? 1 : 0 });
        if (without is [var slow] && with.FirstOrDefault(point => point.At == slow.At) is { } fast)
            without = [slow, fast with { IsMain = false }];
        return [new Line(method, "without cache", without) { Mark = 1, Label = "" }, new Line(method, "with cache", with) { Label = method.Label }];
    }

    private static ImmutableArray<Point> Points(MethodResult method, GenerationSetting main, string scorer, bool isCached) =>
    [
        .. from setting in method.Generated.Settings
           where setting.Cached == isCached && setting.Batch == main.Batch && Generated.IsSameText(setting with { Steps = main.Steps }, main)
           let speed = method.Generated.Measure(setting, GenerationCosts.TokensPerSecond)
           let perplexity = method.Generated.Quality(setting, ScoredText.Perplexity, scorer)
           where speed is not null && perplexity is not null
           orderby speed.Value.Value
           select new Point($"{setting.Steps} steps", speed.Value.Value, perplexity.Value, setting == main),
    ];
}
