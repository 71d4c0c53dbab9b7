using Bench.Reporting.Comparisons;
using Bench.Reporting.Numbers;
using Bench.Results;

namespace Bench.Reporting.Content;

/// <summary>The best generated text of a comparison in a sentence.</summary>
internal static class GenerationHeadline
{
    /// <summary>Null where texts were not compared with the test text. Not by perplexity, which repetition lowers.</summary>
    public static string? Of(Comparison comparison)
    {
        var found = comparison.Methods
            .Where(method => method.NGramOrder is null && method.Method != RealText.Method && method.Generated.Main is not null)
            .Select(method => (Method: method, Mauve: method.Generated.Quality(method.Generated.Main!, GenerationMetricNames.Mauve)))
            .Where(pair => pair.Mauve is { } mauve && double.IsFinite(mauve.Value))
            .OrderByDescending(pair => pair.Mauve!.Value.Value)
            .ToList();
        if (found is not [var best, ..])
            return null;

        var (generated, main) = (best.Method.Generated, best.Method.Generated.Main!);
        string judged = Judges.Of(comparison) is [var judge, ..] && generated.Quality(main, GenerationMetricNames.Perplexity, judge) is { } perplexity
            ? $", perplexity {(perplexity with { Interval = null }).Text(NumberFormat.Fixed(2))} per character under {judge}"
            : "";
        string entropy = generated.Quality(main, GenerationMetricNames.Entropy) is { } diversity ? $", entropy {diversity.Text(NumberFormat.Fixed(2))} nats" : "";
        return $"Of the generated texts those of {best.Method.Label} are most like the test text: MAUVE {best.Mauve!.Value.Text(NumberFormat.Fixed(2))}{judged}{entropy}.";
    }
}
