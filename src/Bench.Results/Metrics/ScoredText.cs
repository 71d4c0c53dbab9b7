namespace Bench.Results.Metrics;

/// <summary>Metrics of generated text under a scorer. Low values of repetitive text are no merit: an entropy is reported with them.</summary>
public static class ScoredText
{
    /// <summary>
    /// exp(Σ nats / Σ units) under a scorer: corpus perplexity. Guarded is its logarithm, the cross-entropy of generated text, whose spread
    /// between seeds is nearer to symmetric: of the smoke profile's MDLM the perplexities are 3.4 to 8.9 about a median of 5.4.
    /// </summary>
    public static MetricDescriptor Perplexity { get; } = new("generative-perplexity", MetricKind.Text)
    {
        Place = 200,
        Title = "Perplexity",
        Unit = Units.PerplexityPerCharacter,
        IsPerToken = true,
        IsScored = true,
        Better = Direction.Same,
        Range = ValueRange.GenerativePerplexity,
        Sentence = "e to the power of all nats over all {units} under the scorer. "
            + "The mean over sequences, which long tails weigh on, is in the CSV file.",
        Digits = 2,
        Column = new("perplexity") { Uncertainty = Uncertainty.ShownInterval },
        IsLogarithmic = true,
        Guard = new()
        {
            Name = "generative-nats",
            Unit = Units.NatsPerCharacter,
            Of = Math.Log,
            Better = Direction.Less,
            Floor = MetricGuard.LeastSpread,
        },
    };

    /// <summary>The mean over sequences of exp(nats / units) under a scorer: long tails weigh more.</summary>
    public static MetricDescriptor MeanPerplexity { get; } = new("generative-perplexity-mean", MetricKind.Text)
    {
        Place = 201,
        Title = "Mean perplexity",
        Unit = Units.PerplexityPerCharacter,
        IsPerToken = true,
        IsScored = true,
        Better = Direction.Same,
        Range = ValueRange.GenerativePerplexity,
        Sentence = "the mean over sequences of the same.",
        Column = new("mean_perplexity") { Uncertainty = Uncertainty.Interval, IsDataOnly = true },
        IsLogarithmic = true,
    };

    /// <summary>MAUVE of the sequences against as many of the test text, with features of a network.</summary>
    public static MetricDescriptor Mauve { get; } = new("mauve", MetricKind.Text)
    {
        Place = 250,
        Title = "MAUVE",
        Unit = Units.None,
        Better = Direction.More,
        Range = ValueRange.Share,
        Sentence = "against as many sequences of the test text; 1 when the two distributions are indistinguishable.",
        Column = new("mauve") { Uncertainty = Uncertainty.Interval },
    };
}
