namespace Bench.Results.Metrics;

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
