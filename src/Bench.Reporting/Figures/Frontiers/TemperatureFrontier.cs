using Bench.Reporting.Figures.Drawing;
using System.Collections.Immutable;
using Bench.Reporting.Comparisons;
using Bench.Results;
using Bench.Results.Metrics;

namespace Bench.Reporting.Figures.Frontiers;

/// <summary>Quality against diversity: perplexity under a scorer over the entropy of the samples, a line a method through temperatures.</summary>
internal static class TemperatureFrontier
{
    public static Figure? Build(Comparison comparison, string scorer)
    {
        var text = new RealText(comparison);
        var entropy = text.Measure(SampleEntropy.Metric);
        var perplexity = text.Measure(ScoredText.Perplexity, scorer);
        return Frontier.Of(
            $"temperature{comparison.Suffix}",
            $"Perplexity under {scorer} over sample entropy, through temperatures; the larger mark is the main setting. Lower is better at the same entropy. Dashed: the test text, where it was measured.",
            Axis.Of(SampleEntropy.Metric) with
            {
                Reference = entropy is { } real && double.IsFinite(real.Value) ? (real.Value, "test text") : null,
            },
            Panel.ByFamily(
                Axis.Of(ScoredText.Perplexity, scorer) with
                {
                    Reference = perplexity is { Value: > 0 } level && double.IsFinite(level.Value)
                        ? (level.Value, entropy is null ? "test text" : "")
                        : null,
                },
                [.. comparison.Methods.Where(method => method.Method != RealText.Method).Select(method => Line(method, scorer)).OfType<Line>()]));
    }

    private static Line? Line(MethodResult method, string scorer)
    {
        if (method.Generated.Main is not { } main)
            return null;
        ImmutableArray<Point> points =
        [
            .. from setting in method.Generated.Around(main, setting => setting with { Temperature = main.Temperature })
               orderby setting.Temperature
               let perplexity = method.Generated.Quality(setting, ScoredText.Perplexity, scorer)
               let entropy = method.Generated.Quality(setting, SampleEntropy.Metric)
               where perplexity is not null && entropy is not null
               select new Point($"temperature {CsvFormat.Field(setting.Temperature)}", entropy.Value.Value, perplexity.Value, setting == main) { XError = entropy.Value.StandardError },
        ];
        return points.IsEmpty ? null : new Line(method, "", points);
    }
}
