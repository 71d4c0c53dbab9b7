using Bench.Numerics;

namespace Bench.Objectives;

/// <summary>Levels in (0, 1) that cover the range evenly: u_k = (k + U)/n with one shared U ~ U(0, 1).</summary>
public static class Strata
{
    /// <summary>n numbers, one in each n-th of (0, 1), at the same place of each: unbiased, and far less variable than independent ones.</summary>
    public static double[] Shared(int n, double offset)
    {
        var levels = new double[Require.Positive(n)];
        for (int k = 0; k < n; k++)
            levels[k] = (k + Require.OpenUnitInterval(offset)) / n;
        return levels;
    }
}
