namespace Bench.Results.Metrics;

/// <summary>Numbers as the programs of papers compute them, beside ours.</summary>
public static class PublishedMetrics
{
    /// <summary>The perplexity of a network as the program of its paper estimates it: as a rule one noise time a row.</summary>
    public static MetricDescriptor Perplexity { get; } = new("perplexity-as-published", MetricKind.Likelihood)
    {
        Place = 107,
        Title = "Perplexity as published",
        Unit = Units.PerplexityPerCharacter,
        IsPerToken = true,
        Better = Direction.Less,
        Range = ValueRange.Perplexity,
        Sentence = "the perplexity as the paper's program estimates it: its rows, its noise times, its counted tokens.",
        Digits = 2,
        IsLogarithmic = true,
    };
}
