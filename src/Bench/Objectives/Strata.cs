using Bench.Numerics;

namespace Bench.Objectives;

/// <summary>
/// Levels in (0, 1) that cover the range evenly: u_k = (k + U_k)/n, each U_k ~ U(0, 1) by itself (MDLM, arXiv 2406.07524).
/// </summary>
public static class Strata
{
    /// <summary>n numbers, one in each n-th of (0, 1): unbiased, and far less variable than numbers without strata.</summary>
    /// <param name="n">How many.</param>
    /// <param name="place">Where in its stratum the k-th lies, in (0, 1).</param>
    public static double[] Of(int n, Func<int, double> place)
    {
        var levels = new double[Require.Positive(n)];
        for (int k = 0; k < n; k++)
            levels[k] = (k + Require.OpenUnitInterval(place(k))) / n;
        return levels;
    }
}
