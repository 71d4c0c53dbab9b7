using System.Collections.Immutable;

namespace Bench.Results.Metrics;

/// <summary>
/// distinct-n (Li et al. 2016, arXiv 1510.03055): the share of distinct n-grams among all n-grams of words of all texts. More text has a
/// lower share: compare equal amounts of text.
/// </summary>
public static class Distinct
{
    /// <summary>For n = 1, 2 and 3; the table has 2.</summary>
    public static ImmutableArray<MetricDescriptor> Metrics { get; } =
    [
        Metric(1, "words"),
        Metric(2, "pairs of words") with { Column = new("distinct_2") { Uncertainty = Uncertainty.Interval } },
        Metric(3, "runs of three words"),
    ];

    /// <summary>NaN where no text has n words.</summary>
    public static TextStatistic.OfAll Of(WordGrams texts, int n)
    {
        // The only text that has an n-gram; −1 where several have it.
        Dictionary<Gram, int> owners = [];
        for (int text = 0; text < texts.Count; text++)
        {
            foreach (var gram in texts.Of(text, n))
                owners[gram] = owners.TryGetValue(gram, out int owner) && owner != text ? -1 : text;
        }

        var alone = new int[texts.Count];
        foreach (int owner in owners.Values.Where(owner => owner >= 0))
            alone[owner]++;
        int[] counts = [.. Enumerable.Range(0, texts.Count).Select(text => texts.CountOf(text, n))];
        double all = counts.Sum();
        return new(owners.Count / all, [.. alone.Zip(counts, (own, count) => (owners.Count - own) / (all - count))], texts.Count);
    }

    private static MetricDescriptor Metric(int n, string ofWhat) => new($"distinct-{n}", MetricKind.Text)
    {
        Place = 220 + n,
        Title = $"Distinct-{n}",
        Unit = Units.None,
        Better = Direction.More,
        Range = ValueRange.Share,
        Sentence = $"the share of distinct ones among all {ofWhat}.",
        Measure = new(sample => Of(sample.Grams, n), $"{n}-grams of words of all sequences", $"no sequence has {n} words"),
    };
}

/// <summary>seq-rep-n (Welleck et al. 2020, arXiv 1908.04319): the share of a text's n-grams of words that occurred in it before.</summary>
public static class Repetition
{
    private const int Words = 4;

    /// <summary>The mean over sequences for n = 4.</summary>
    public static MetricDescriptor Metric { get; } = new($"repetition-{Words}", MetricKind.Text)
    {
        Place = 230,
        Title = $"Repeats-{Words}",
        Unit = Units.None,
        Better = Direction.Less,
        Range = ValueRange.Share,
        Sentence = "the share of a sequence's four-word runs that occurred in it before.",
        Column = new($"repetition_{Words}") { Uncertainty = Uncertainty.Interval },
        Measure = new(
            sample => new TextStatistic.MeanOf([.. Enumerable.Range(0, sample.Grams.Count).Select(text => Of(sample.Grams, text, Words))]),
            $"{Words}-grams of words within a sequence, mean over sequences",
            $"no sequence has {Words} words"),
    };

    /// <summary>1 − different / all n-grams of one text; NaN of one with less than n words.</summary>
    public static double Of(WordGrams texts, int text, int n) =>
        1 - ((double)texts.Of(text, n).Distinct().Count() / texts.CountOf(text, n));
}
