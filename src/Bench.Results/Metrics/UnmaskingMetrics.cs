namespace Bench.Results.Metrics;

/// <summary>
/// Exact likelihoods of masked diffusion: of the sampler that reveals one token a call in an order that follows from the predictions alone
/// (DUEL, arXiv 2603.01367).
/// </summary>
public static class UnmaskingMetrics
{
    /// <summary>The leftmost mask first.</summary>
    public static MetricDescriptor LeftToRight { get; } =
        Of("left-to-right", "Left to right", "the leftmost of the masks is revealed", place: 107);

    /// <summary>The most probable token first.</summary>
    public static MetricDescriptor MaxProbability { get; } =
        Of("max-probability", "Max-probability", "the mask whose best token is the most probable is revealed", place: 108);

    /// <summary>The clearest winner first.</summary>
    public static MetricDescriptor Margin { get; } =
        Of("margin", "Margin", "the mask whose best two tokens differ most is revealed", place: 109);

    /// <summary>The least entropy first.</summary>
    public static MetricDescriptor Entropy { get; } =
        Of("entropy", "Least entropy", "the mask of least entropy is revealed", place: 110);

    /// <summary>By the order's name in definitions.</summary>
    public static MetricDescriptor Of(string order) => MetricCatalog.Standard.Find("metrics.csv", $"likelihood-{order}")
        ?? throw new ArgumentException($"no metric is about the unmasking order '{order}'", nameof(order));

    private static MetricDescriptor Of(string order, string title, string revealed, int place) =>
        new($"likelihood-{order}", MetricKind.Likelihood)
        {
            Place = place,
            Title = title,
            Unit = Units.BitsPerCharacter,
            IsPerToken = true,
            Better = Direction.Less,
            Range = ValueRange.NegativeLogLikelihood,
            Sentence = $"exact negative log-likelihood where in every call {revealed}.",
            IsExact = true,
            Column = new($"{order.Replace('-', '_')}_bits") { Uncertainty = Uncertainty.Error },
        };
}
