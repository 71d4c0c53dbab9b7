namespace Bench.Sampling.Samplers;

/// <summary>How sure a predicted law is.</summary>
public static class Confidence
{
    /// <summary>Larger is surer.</summary>
    /// <param name="order">In which sense.</param>
    /// <param name="law">Probabilities.</param>
    public static double Of(ConfidenceOrder order, ReadOnlySpan<double> law) => order switch
    {
        ConfidenceOrder.MaxProbability => TopTwo(law).First,
        ConfidenceOrder.Margin => Margin(law),
        _ => -Entropy(law),
    };

    /// <summary>−Σ p ln p, in nats.</summary>
    public static double Entropy(ReadOnlySpan<double> law)
    {
        double nats = 0;
        foreach (double p in law)
            nats -= p > 0 ? p * Math.Log(p) : 0;
        return nats;
    }

    private static double Margin(ReadOnlySpan<double> law)
    {
        var (first, second) = TopTwo(law);
        return first - second;
    }

    private static (double First, double Second) TopTwo(ReadOnlySpan<double> law)
    {
        var (first, second) = (0.0, 0.0);
        foreach (double p in law)
            (first, second) = p > first ? (p, first) : (first, Math.Max(second, p));
        return (first, second);
    }
}
