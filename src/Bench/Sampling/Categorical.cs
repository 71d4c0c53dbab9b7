using Bench.Numerics;

namespace Bench.Sampling;

/// <summary>Draws from a discrete distribution by inverting its cumulative sum, in float64.</summary>
public static class Categorical
{
    /// <summary>The first index whose cumulative probability exceeds u·total; never one of probability zero.</summary>
    /// <param name="weights">Finite and non-negative, not all zero.</param>
    /// <param name="u">Uniform in [0, 1).</param>
    /// <exception cref="ArgumentException">There are no weights, all are zero, one is negative or not finite, or u is not in [0,
    /// 1).</exception>
    public static int Draw(ReadOnlySpan<double> weights, double u)
    {
        Require.PartOfUnity(u);
        if (weights.IsEmpty)
            throw new ArgumentException("weights is empty, but an index into it is to be drawn", nameof(weights));
        double total = 0;
        foreach (double weight in weights)
            total += weight;
        // One look at the sum finds what is not finite, and one at each weight what is negative.
        if (!double.IsFinite(total) || weights.ContainsAnyInRange(double.MinValue, -double.Epsilon))
            RefuseWeights(weights);
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

    private static void RefuseWeights(ReadOnlySpan<double> weights)
    {
        for (int i = 0; i < weights.Length; i++)
            Require.NonNegative(weights[i], $"weights[{i}]");
        throw new ArgumentException("the sum of the weights is not finite; scale them down", nameof(weights));
    }
}
