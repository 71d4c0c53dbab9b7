using Bench.Reporting.Comparisons;
using Bench.Reporting.Statistics;
using Bench.Results;
using Bench.Results.Metrics;

namespace Bench.Reporting.TableBuilders;

/// <summary>
/// The result of a comparison in a sentence or two. An order of methods is stated only where it was tested over three seeds or more and is
/// left by Holm's correction.
/// </summary>
internal static class Headline
{
    // More methods than these are left to the table, and fewer seeds order none.
    private const int Most = 3, LeastSeeds = 3;

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

        string place = $"On the test text of {comparison.Corpus}";
        if (networks is [var only])
            return $"{place}, {only.Label} reaches {Bits(only)} bits per {comparison.Units.One}.";
        var tested = Differences.InLikelihood(comparison)
            .Select(group => (Reference: group.Key, Against: group.Where(one => one.Test.Pairs >= LeastSeeds).ToList()))
            .Where(group => group.Against.Count > 0)
            .ToList();
        if (tested.Count == 0)
        {
            int seeds = networks.Max(method => method.Finished.Select(run => run.Seed).Distinct().Count());
            return $"{place}, {networks.Count} networks reach from {Bits(networks[0])} to {Bits(networks[^1])} bits per "
                + $"{comparison.Units.One}; "
                + $"{(seeds == 1 ? "one seed a method orders" : "fewer than three common seeds order")} none of them.";
        }

        return string.Join(' ', tested.Select((group, i) =>
            $"{(i == 0 ? $"{place}, " : "")}{group.Reference.Label} reaches {Bits(group.Reference)}"
                + $"{(i == 0 ? $" bits per {comparison.Units.One}" : "")}: {Verdicts(group.Against)}."));
    }

    // Such as "of 18 other networks 1 is better (AR (GPT)), 17 are within noise". Bounds are said in the table.
    private static string Verdicts(List<TestedDifference> against) =>
        $"of {against.Count} other {(against.Count == 1 ? "network" : "networks")} " + string.Join(", ",
            from verdict in (string[])["better", "worse", Differences.WithinNoise]
            let named = against.Where(one => one.Verdict.StartsWith(verdict, StringComparison.Ordinal))
                .Select(one => one.Method.Label).ToList()
            where named.Count > 0
            select $"{named.Count} {(named.Count == 1 ? "is" : "are")} {verdict}"
                + (named.Count <= Most && verdict != Differences.WithinNoise ? $" ({string.Join(", ", named)})" : ""));

    private static int AsPublished(Comparison comparison) => comparison.Methods.SelectMany(method => method.Finished)
        .Sum(run => run.Metrics.Count(metric => metric.Name == PublishedMetrics.Perplexity.Name));

    private static string Bits(MethodResult method)
    {
        var bits = method.Bits(Splits.Test)!.Value;
        string text = (bits with { IsUpperBound = false }).Text(NumberFormat.Fixed(3));
        return $"{(bits.IsUpperBound ? "at most " : "")}{text}";
    }
}

/// <summary>The generated texts of a comparison in a sentence, without an order: perplexities alone give none.</summary>
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

        List<MethodResult> methods =
        [
            .. comparison.Methods.Where(
                method => method.NGramOrder is null && method.Method != RealText.Method && method.Generated.Main is not null),
        ];
        var perplexities = Measured(ScoredText.Perplexity, scorer);
        if (perplexities.Count == 0)
            return null;
        string among = methods.Count == 1 ? methods[0].Label : $"{methods.Count} networks";
        return $"Under {scorer} the test text has perplexity {Bare(real)} per {comparison.Units.One}"
            + $"{(text.Measure(SampleEntropy.Metric) is { } entropy ? $" and entropy {Bare(entropy)} {SampleEntropy.Metric.Unit}" : "")}; "
            + $"the texts of {among} have perplexity {Range(perplexities)}"
            + $"{(Measured(SampleEntropy.Metric, null) is { Count: > 0 } entropies ? $" and entropy {Range(entropies)}" : "")}.";

        List<Measurement> Measured(MetricDescriptor metric, string? by) =>
        [
            .. methods.Select(method => method.Generated.Quality(method.Generated.Main!, metric, by)).OfType<Measurement>()
                .Where(found => double.IsFinite(found.Value)).OrderBy(found => found.Value),
        ];
    }

    private static string Range(List<Measurement> ordered) =>
        ordered.Count == 1 ? Bare(ordered[0]) : $"from {Bare(ordered[0])} to {Bare(ordered[^1])}";

    private static string Bare(Measurement measured) => (measured with { Interval = null }).Text(NumberFormat.Fixed(2));
}
