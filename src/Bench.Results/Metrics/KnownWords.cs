namespace Bench.Results.Metrics;

/// <summary>How many words of a text the training text has: whether a model of characters has learned to spell.</summary>
public static class KnownWords
{
    /// <summary>The share of them among the whole words of all sequences.</summary>
    public static MetricDescriptor Metric { get; } = new("known-words", MetricKind.Text)
    {
        Place = 260,
        Title = "Known words",
        Unit = Units.None,
        Better = Direction.More,
        Range = ValueRange.Share,
        Sentence = "the share of words that the training text has.",
        Column = new("known_words") { Uncertainty = Uncertainty.Interval },
        Guard = new() { Floor = MetricGuard.LeastSpread },
        Measure = new(
            sample => sample.Vocabulary is { } vocabulary ? Ratio(sample, vocabulary) : null,
            "words with white space on both sides",
            "no sequence has a whole word"),
    };

    /// <summary>Counts in one text's words.</summary>
    /// <param name="words">Whole words.</param>
    /// <param name="vocabulary">The words of the training text.</param>
    public static (int Known, int All) Of(ReadOnlySpan<string> words, IReadOnlySet<string> vocabulary)
    {
        int known = 0;
        foreach (string word in words)
            known += vocabulary.Contains(word) ? 1 : 0;
        return (known, words.Length);
    }

    private static TextStatistic.RatioOf Ratio(TextSample sample, IReadOnlySet<string> vocabulary)
    {
        (double Known, double All)[] counts = [.. sample.Texts.Select(text => Of(text.WholeWords, vocabulary))];
        return new([.. counts.Select(text => text.Known)], [.. counts.Select(text => text.All)]);
    }
}
