using System.Collections.Immutable;

namespace Bench.Reporting.Figures;

/// <summary>Labels beside a plot, each as near to its line as it can be without covering another.</summary>
internal static class LabelColumn
{
    /// <summary>
    /// Positions at least <paramref name="gap"/> apart with the least sum of squared moves, in the order of
    /// <paramref name="wanted"/>, and within the limits as long as they all fit in.
    /// </summary>
    public static ImmutableArray<double> Spread(ImmutableArray<double> wanted, double gap, double low, double high)
    {
        int[] order = [.. Enumerable.Range(0, wanted.Length).OrderBy(i => wanted[i]).ThenBy(i => i)];

        // Less i·gap, "at least gap apart" reads "not decreasing": isotonic regression, by pooling adjacent violators.
        var pools = new Stack<(double Sum, int Count)>();
        for (int i = 0; i < order.Length; i++)
        {
            var pool = (Sum: wanted[order[i]] - (i * gap), Count: 1);
            while (pools.TryPeek(out var below) && below.Sum / below.Count > pool.Sum / pool.Count)
            {
                pools.Pop();
                pool = (pool.Sum + below.Sum, pool.Count + below.Count);
            }

            pools.Push(pool);
        }

        double[] placed = new double[wanted.Length];
        int next = 0;
        double top = Math.Max(low, high - ((order.Length - 1) * gap));
        foreach (var (sum, count) in pools.Reverse())
        {
            for (int k = 0; k < count; k++, next++)
                placed[order[next]] = Math.Clamp(sum / count, low, top) + (next * gap);
        }

        return [.. placed];
    }
}
