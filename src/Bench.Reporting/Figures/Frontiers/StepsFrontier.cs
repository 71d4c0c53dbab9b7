using Bench.Reporting.Figures.Drawing;
using System.Collections.Immutable;
using Bench.Reporting.Comparisons;
using Bench.Results;
using Bench.Results.Metrics;

namespace Bench.Reporting.Figures.Frontiers;

/// <summary>Quality against work: perplexity under a scorer over calls of the network, a line a method and sampler through steps.</summary>
internal static class StepsFrontier
{
    public static Figure? Build(Comparison comparison, string scorer) => Frontier.Of(
        $"steps{comparison.Suffix}",
        $"Perplexity under {scorer} over calls of the network for one batch of sequences (NFE), through steps. Shapes distinguish samplers of a method.",
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
                .GroupBy(setting => setting.Sampler, (sampler, settings) => (sampler, Points: Points(method, settings, scorer)), StringComparer.Ordinal)
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
