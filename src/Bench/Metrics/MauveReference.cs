using Bench.Metrics.Divergence;
using Bench.Results.Metrics;
using Bench.Scoring;

namespace Bench.Metrics;

/// <summary>
/// What generated text is compared with by MAUVE: text of the test split, seen through a model's features. Those of the reference are
/// computed once.
/// </summary>
/// <param name="features">Whose features.</param>
/// <param name="texts">Reference texts, cut as the generated ones are.</param>
public sealed class MauveReference(IFeatures features, IReadOnlyList<GeneratedText> texts)
{
    private double[][]? computed;

    /// <summary>Whose features.</summary>
    public IFeatures Features => features;

    /// <summary>Features of as many reference texts as are asked for, or all.</summary>
    public double[][] First(int count, CancellationToken stop)
    {
        computed ??= features.Of(texts, stop);
        return computed[..Math.Min(count, computed.Length)];
    }
}
