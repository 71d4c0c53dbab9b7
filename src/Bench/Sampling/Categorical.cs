namespace Bench.Sampling;

/// <summary>Draws from a discrete law by inverting its cumulative sum, in float64.</summary>
public static class Categorical
{
    /// <summary>The first index whose cumulative probability exceeds u·total; never one of probability zero.</summary>
    /// <param name="weights">Non-negative, not all zero.</param>
    /// <param name="u">Uniform in (0, 1).</param>
    public static int Draw(ReadOnlySpan<double> weights, double u)
    {
        double total = 0;
        foreach (double weight in weights)
            total += weight;
        double left = u * total;
        int last = -1;
        for (int i = 0; i < weights.Length; i++)
        {
            if (weights[i] <= 0)
                continue;
            last = i;
            left -= weights[i];
            if (left < 0)
                return i;
        }

        // Rounding can leave a sliver of u beyond the last sum.
        return last >= 0 ? last : throw new ArgumentException("no index has any probability", nameof(weights));
    }
}
