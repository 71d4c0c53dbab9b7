namespace Bench.Results.Metrics;

/// <summary>
/// −Σ p ln p of the token histogram within one sequence, in nats: 0 for one token over and over, at most ln of the sequence's length and of
/// the vocabulary's size. Averaged over sequences it measures diversity within a sequence, not between sequences.
/// </summary>
public static class SampleEntropy
{
    /// <summary>Its mean over sequences. Text that gets likelier by getting poorer loses entropy, so it is guarded.</summary>
    public static MetricDescriptor Metric { get; } = new("sample-entropy", MetricKind.Text)
    {
        Place = 210,
        Title = "Entropy",
        Unit = Units.Nats,
        Better = Direction.Same,
        Range = ValueRange.NotNegative,
        Sentence = "of the token histogram within one sequence, averaged over sequences.",
        Limit = definition => VocabularySize.OfSequence(definition) is { } tokens && Math.Log(tokens) is var most
            ? new(most, $"a sequence has at most {tokens} different tokens, so that its entropy is at most {most:0.####}")
            : null,
        Column = new("entropy") { Uncertainty = Uncertainty.Interval },
        AxisTitle = "Sample entropy (nats)",
        Guard = new() { Floor = MetricGuard.LeastSpread },
        Measure = new(
            sample => new TextStatistic.MeanOf([.. sample.Texts.Select(text => text.Tokens.Length == 0 ? double.NaN : Of(text.Tokens))]),
            "histogram of tokens within a sequence, mean over sequences",
            "no sequence has a token"),
    };

    /// <summary>Of one sequence; 0 of an empty one.</summary>
    public static double Of(IReadOnlyCollection<int> tokens)
    {
        double entropy = 0; // counts in order, so that the sum is the same to the last bit for the same counts
        foreach (int count in tokens.CountBy(token => token).Select(pair => pair.Value).Order())
        {
            double p = (double)count / tokens.Count;
            entropy -= p * Math.Log(p);
        }

        return entropy;
    }
}
