namespace Bench.Metrics;

/// <summary>
/// −Σ p ln p of the token histogram within one sequence, in nats: 0 for one token over and over, at most ln of the sequence's length and of the vocabulary's size. Averaged over
/// sequences it tells diversity within a sequence, not between them.
/// </summary>
public static class SampleEntropy
{
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
