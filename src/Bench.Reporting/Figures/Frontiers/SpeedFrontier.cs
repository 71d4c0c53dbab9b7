using System.Collections.Immutable;
using Bench.Reporting.Comparisons;
using Bench.Reporting.Figures.Drawing;
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
            return ((ImmutableArray<Point>[])[without, with]).Where(points => !points.IsEmpty)
                .Select(points => new Line(method, "", points) { Mark = with.IsEmpty ? 1 : 0 });
        if (without is [var slow] && with.FirstOrDefault(point => point.At == slow.At) is { } fast)
            without = [slow, fast with { IsMain = false }];
        return [new Line(method, "without cache", without) { Mark = 1, Label = "" },
            new Line(method, "with cache", with) { Label = method.Label }];
    }

    private static ImmutableArray<Point> Points(MethodResult method, GenerationSetting main, string scorer, bool isCached) =>
    [
        .. from setting in method.Generated.Settings
           where setting.Cached == isCached && setting.Batch == main.Batch
               && Generated.IsSameText(setting with { Steps = main.Steps }, main)
           let speed = method.Generated.Measure(setting, GenerationCosts.TokensPerSecond)
           let perplexity = method.Generated.Quality(setting, ScoredText.Perplexity, scorer)
           where speed is not null && perplexity is not null
           orderby speed.Value.Value
           select new Point($"{setting.Steps} steps", speed.Value.Value, perplexity.Value, setting == main),
    ];
}

/// <summary>Quality against work: perplexity under a scorer over calls of the network, a line a method and sampler through steps.</summary>
internal static class StepsFrontier
{
    public static Figure? Build(Comparison comparison, string scorer) => Frontier.Of(
        $"steps{comparison.Suffix}",
        $"Perplexity under {scorer} over calls of the network for one batch of sequences (NFE), through steps. Shapes distinguish "
            + $"samplers of a method.",
        Axis.Of(GenerationCosts.NetworkCalls) with { MarksValues = true },
        Panel.ByFamily(Axis.Of(ScoredText.Perplexity, scorer), [.. comparison.Methods.SelectMany(method => Lines(method, scorer))]));

    private static IEnumerable<Line> Lines(MethodResult method, string scorer)
    {
        if (method.Generated.Main is not { } main)
            return [];

        // A sampler that was tried at one number of steps alone has no line, unless it is the main one.
        List<(string Sampler, ImmutableArray<Point> Points)> samplers =
        [
            .. method.Generated
                .Around(main, setting => setting with { Sampler = main.Sampler, Steps = main.Steps })
                .GroupBy(setting => setting.Sampler, (sampler, settings) => (sampler, Points: Points(method, settings, scorer)),
                    StringComparer.Ordinal)
                .Where(pair => pair.Points.Length > (pair.sampler == main.Sampler ? 0 : 1)),
        ];
        return samplers.Select((pair, i) => new Line(method, samplers.Count == 1 ? "" : pair.Sampler, pair.Points) { Mark = i });
    }

    private static ImmutableArray<Point> Points(MethodResult method, IEnumerable<GenerationSetting> settings, string scorer) =>
    [
        .. from setting in settings
           let calls = method.Generated.Quality(setting, GenerationCosts.NetworkCalls)?.Value ?? setting.Steps
           let perplexity = method.Generated.Quality(setting, ScoredText.Perplexity, scorer)
           where perplexity is not null
           orderby calls
           select new Point($"{setting.Steps} steps", calls, perplexity.Value, setting == method.Generated.Main),
    ];
}

/// <summary>Measured speed-up of the cache over the one predicted from the slots that it saves, a dot a method.</summary>
internal static class CacheSpeedUp
{
    public static Figure? Build(Comparison comparison) => Frontier.Of(
        $"cache{comparison.Suffix}",
        "Speed with the cache over speed without, against the ratio of input slots that go through the network. Dots: the largest batch; "
            + "rings: smaller ones. On the dashed line the gain is the predicted one.",
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
