namespace Bench.Results.Metrics;

/// <summary>Likelihood of the text of a split under a model.</summary>
public static class LikelihoodMetrics
{
    /// <summary>The exact negative log-likelihood, or its variational bound, in bits.</summary>
    public static MetricDescriptor Likelihood { get; } = new("likelihood", MetricKind.Likelihood)
    {
        Place = 100,
        Title = "Likelihood",
        Unit = Units.BitsPerCharacter,
        IsPerToken = true,
        Better = Direction.Less,
        Range = ValueRange.NegativeLogLikelihood,
        Sentence = "negative log-likelihood of the chunks of a split, exact or an upper bound.",
        Column = new("bits") { Uncertainty = Uncertainty.Error },
        Guard = new() { Splits = [Splits.Validation, Splits.Test] },
    };

    /// <summary>The same in nats.</summary>
    public static MetricDescriptor Nats { get; } = new("likelihood-nats", MetricKind.Likelihood)
    {
        Place = 101,
        Title = "Bound",
        Unit = Units.NatsPerCharacter,
        IsPerToken = true,
        Better = Direction.Less,
        Range = ValueRange.NegativeLogLikelihood,
        Sentence = "the likelihood in nats; a bound is the sum of its terms.",
        Digits = 4,
        Column = new("bound") { Uncertainty = Uncertainty.Error },
    };

    /// <summary>2 to the power of <see cref="Likelihood"/>.</summary>
    public static MetricDescriptor Perplexity { get; } = new("perplexity", MetricKind.Likelihood)
    {
        Place = 102,
        Title = "Perplexity",
        Unit = Units.PerplexityPerCharacter,
        IsPerToken = true,
        Better = Direction.Less,
        Range = ValueRange.Perplexity,
        Sentence = "2 to the power of the likelihood in bits.",
        Digits = 2,
        Column = new("perplexity") { Uncertainty = Uncertainty.Error },
        IsLogarithmic = true,
    };

    /// <summary>The same likelihood per character, where <see cref="Likelihood"/> is per token: comparable between vocabularies.</summary>
    public static MetricDescriptor PerCharacter { get; } = new("likelihood-per-character", MetricKind.Likelihood)
    {
        Place = 103,
        Title = "bits/char",
        Unit = Units.BitsPerCharacter,
        Better = Direction.Less,
        Range = ValueRange.NegativeLogLikelihood,
        Sentence = "all nats of the test chunks over their characters, which methods with other tokens can be compared by.",
        Column = new("bits_per_character") { Uncertainty = Uncertainty.Error },
    };

    /// <summary>
    /// The likelihood of a split as one stream, each token given all before it: not to be compared with <see cref="Likelihood"/>.
    /// </summary>
    public static MetricDescriptor Stream { get; } = new("likelihood-stream", MetricKind.Likelihood)
    {
        Place = 104,
        Title = "Likelihood, stream",
        Unit = Units.BitsPerCharacter,
        IsPerToken = true,
        Better = Direction.Less,
        Range = ValueRange.NegativeLogLikelihood,
        Sentence = "likelihood of a split as one stream, each token given all before it.",
    };

    /// <summary>
    /// The cross-entropy of the distribution that the text was drawn from, where it is known: no likelihood of the same chunks is below
    /// it but by chance.
    /// </summary>
    public static MetricDescriptor TrueEntropy { get; } = new("true-entropy", MetricKind.Likelihood)
    {
        Place = 105,
        Title = "Truth",
        Unit = Units.BitsPerCharacter,
        IsPerToken = true,
        Better = Direction.Same,
        Range = ValueRange.NegativeLogLikelihood,
        Sentence = "negative log-likelihood under the true distribution, where it is known.",
        Limit = definition => VocabularySize.Of(definition) is { } count && Math.Log2(count) is var most
            ? new(most, $"the vocabulary has {count} tokens, so that the entropy of one is at most {most:0.####}")
            : null,
    };

    /// <summary>
    /// How much more likely a text is under the distribution that it was drawn from than under the model, KL(truth ‖ model) or its upper
    /// bound.
    /// </summary>
    public static MetricDescriptor KlFromTruth { get; } = new("kl-from-truth", MetricKind.Likelihood)
    {
        Place = 106,
        Title = "KL from truth",
        Unit = Units.NatsPerCharacter,
        IsPerToken = true,
        Better = Direction.Less,
        Range = ValueRange.Finite,
        Sentence = "KL(truth ‖ model) or its upper bound, where the true distribution is known.",
        Column = new("kl_from_truth") { Uncertainty = Uncertainty.Error },
    };
}

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
