using Bench.Reporting.Comparisons;
using Bench.Reporting.Statistics;
using Bench.Results;
using Bench.Results.Metrics;

namespace Bench.Reporting.TableBuilders;

/// <summary>The result of a comparison in a sentence or two.</summary>
internal static class Headline
{
    // More methods than these are left to the table.
    private const int Most = 3;

    public static string Of(Comparison comparison)
    {
        List<MethodResult> networks = [.. comparison.Networks.Where(method => method.Bits(Splits.Test) is not null)];
        if (networks.Count == 0)
        {
            return comparison.NGrams.Where(ngram => ngram.Bits(Splits.Test) is not null)
                .MinBy(ngram => ngram.Bits(Splits.Test)!.Value.Value) is { } best
                ? $"No network has finished yet; the best n-gram, {best.Label}, reaches {Bits(best)} bits per {comparison.Units.One} on "
                    + $"the test text."
                : AsPublished(comparison) is > 0 and var count
                ? $"{count} {(count == 1 ? "number" : "numbers")} of published networks are beside those of their papers."
                : "No run has finished yet.";
        }

        string reached = string.Join(", ",
            networks.Take(Most)
                .Select(
                    (method,
                        i) =>
                            $"{method.Label} "
                                + $"{(i == 0 ? "reaches " : "")}{Bits(method)}{(i == 0 ? $" bits per {comparison.Units.One}" : "")}"));
        string rest = networks.Count > Most ? $" ({networks.Count - Most} more below)" : "";
        var beaten = comparison.BeatenNGram(networks[0]);
        string ladder = !comparison.NGrams.Any() ? "" : beaten is null
            ? $" {networks[0].Label} is not yet better than any n-gram."
            : NextNGram(comparison, beaten) is { } next
                ? $" {networks[0].Label} is better than {beaten.Label} and not better than {next.Label}."
                : $" {networks[0].Label} is better than every n-gram.";
        return $"On the test text of {comparison.Corpus}, {reached}{rest}.{ladder}";
    }

    private static int AsPublished(Comparison comparison) => comparison.Methods.SelectMany(method => method.Finished)
        .Sum(run => run.Metrics.Count(metric => metric.Name == PublishedMetrics.Perplexity.Name));

    private static string Bits(MethodResult method)
    {
        var bits = method.Bits(Splits.Test)!.Value;
        string text = (bits with { IsUpperBound = false }).Text(NumberFormat.Fixed(3));
        return $"{(bits.IsUpperBound ? "at most " : "")}{text}";
    }

    // The weakest of the n-grams that are stronger than the beaten one.
    private static MethodResult? NextNGram(Comparison comparison, MethodResult beaten) => comparison.NGrams
        .Where(ngram => ngram.Bits(Splits.Test) is { } bits && bits.Value < beaten.Bits(Splits.Test)!.Value.Value)
        .MaxBy(ngram => ngram.Bits(Splits.Test)!.Value.Value);
}

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
