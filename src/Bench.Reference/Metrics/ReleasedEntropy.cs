using Bench.Results.Metrics;

namespace Bench.Reference.Metrics;

/// <summary>Entropies of generated text as public codes compute them, for faithful comparison. Nothing else here uses them.</summary>
public static class ReleasedEntropy
{
    private const double InsideLogarithm = 1e-8;

    /// <summary>HDLM's: −Σ p log(p + 1e-8), a little below 0 for a constant sequence; 0 of an empty one.</summary>
    /// <param name="tokens">One sequence.</param>
    /// <param name="logBase">Of the logarithm; null for the natural one.</param>
    public static double Hdlm(IReadOnlyCollection<int> tokens, double? logBase = null) =>
        -tokens.CountBy(token => token)
            .Sum(pair => (double)pair.Value / tokens.Count * Math.Log(((double)pair.Value / tokens.Count) + InsideLogarithm))
            / Math.Log(logBase ?? Math.E);

    /// <summary>BD3-LM's of a batch: the sum over its sequences.</summary>
    public static double OfBatch(IEnumerable<int[]> batch) => batch.Sum(SampleEntropy.Of);

    /// <summary>BD3-LM's of all batches: the mean of those sums, weighed by batch size; the mean entropy for batches of one only.</summary>
    public static double OfBatches(IReadOnlyCollection<int[][]> batches) =>
        batches.Sum(batch => batch.Length * OfBatch(batch)) / batches.Sum(batch => batch.Length);
}
