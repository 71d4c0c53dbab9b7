using Bench.Reporting.Comparisons;
using Bench.Reporting.Statistics;
using Bench.Results;
using Bench.Results.Metrics;

namespace Bench.Reporting.TableBuilders;

/// <summary>The best generated text of a comparison in a sentence.</summary>
internal static class GenerationHeadline
{
    /// <summary>Null where real text was not scored as well. The least perplexity is no merit: that of real text is the aim.</summary>
    public static string? Of(Comparison comparison)
    {
        var text = new RealText(comparison);
        if (Scorers.Of(comparison) is not [var scorer, ..]
            || text.Measure(ScoredText.Perplexity, scorer) is not { } real || !double.IsFinite(real.Value))
        {
            return null;
        }

        var nearest = comparison.Methods
            .Where(method => method.NGramOrder is null && method.Method != RealText.Method && method.Generated.Main is not null)
            .Select(method => (Method: method, Perplexity: method.Generated.Quality(method.Generated.Main!, ScoredText.Perplexity, scorer)))
            .Where(pair => pair.Perplexity is { } perplexity && double.IsFinite(perplexity.Value))
            .OrderBy(pair => Math.Abs(Math.Log(pair.Perplexity!.Value.Value / real.Value)))
            .FirstOrDefault();
        if (nearest.Method is not { } best)
            return null;
        string entropy = best.Generated.Quality(best.Generated.Main!, SampleEntropy.Metric) is { } diversity
            ? $", entropy {Bare(diversity)} {SampleEntropy.Metric.Unit}"
            : "";
        string entropyOfText = text.Measure(SampleEntropy.Metric) is { } other ? $" and {Bare(other)}" : "";
        return $"Under {scorer} the texts of {best.Label} come nearest to the test text: perplexity {Bare(nearest.Perplexity!.Value)} "
            + $"per {comparison.Units.One}{entropy}; the test text has {Bare(real)}{entropyOfText}.";
    }

    private static string Bare(Measurement measured) => (measured with { Interval = null }).Text(NumberFormat.Fixed(2));
}
