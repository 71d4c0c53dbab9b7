namespace Bench.Sampling.Samplers;

/// <summary>How sure a predicted distribution is.</summary>
public static class Confidence
{
    /// <summary>Larger is surer.</summary>
    /// <param name="order">In which sense.</param>
    /// <param name="distribution">Probabilities.</param>
    public static double Of(ConfidenceOrder order, ReadOnlySpan<double> distribution) => order switch
    {
        ConfidenceOrder.MaxProbability => TopTwo(distribution).First,
        ConfidenceOrder.Margin => Margin(distribution),
        ConfidenceOrder.LeftToRight => 0, // of equals the left one is first
        _ => -Entropy(distribution),
    };

    /// <summary>−Σ p ln p, in nats.</summary>
    public static double Entropy(ReadOnlySpan<double> distribution)
    {
        double nats = 0;
        foreach (double p in distribution)
            nats -= p > 0 ? p * Math.Log(p) : 0;
        return nats;
    }

    private static double Margin(ReadOnlySpan<double> distribution)
    {
        var (first, second) = TopTwo(distribution);
        return first - second;
    }

    private static (double First, double Second) TopTwo(ReadOnlySpan<double> distribution)
    {
        var (first, second) = (0.0, 0.0);
        foreach (double p in distribution)
            (first, second) = p > first ? (p, first) : (first, Math.Max(second, p));
        return (first, second);
    }
}

/// <summary>How sure a prediction is: what its masks are revealed in the order of.</summary>
public enum ConfidenceOrder
{
    /// <summary>The probability of the most probable token (MaskGIT, arXiv 2202.04200; LLaDA, arXiv 2502.09992).</summary>
    MaxProbability,

    /// <summary>By how much it exceeds that of the second (Kim et al., arXiv 2502.06768).</summary>
    Margin,

    /// <summary>The negative entropy (Dream, arXiv 2508.15487).</summary>
    Entropy,

    /// <summary>None: from left to right, whatever is predicted.</summary>
    LeftToRight,
}
