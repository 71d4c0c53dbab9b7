using Bench.Numerics;

namespace Bench.Objectives;

/// <summary>How the noise levels of a batch are drawn. Each by itself is uniform in (0, 1) in all of them.</summary>
public enum LevelSampling
{
    /// <summary>u_k = (k + U_k)/n: one in each n-th of the range, at a place of its own (MDLM, arXiv 2406.07524).</summary>
    Stratified,

    /// <summary>u_k = (k + U)/n: the same with one U for all, at even distances (GIDD, arXiv 2503.04482).</summary>
    Spaced,

    /// <summary>u_k = U_k (SEDD, arXiv 2310.16834).</summary>
    Independent,
}

/// <summary>
/// Levels in (0, 1) that cover the range evenly, u_k = (k + U_k)/n, so that the mean over a batch varies less than that of independent
/// ones.
/// </summary>
public static class Strata
{
    /// <summary>n levels of a batch.</summary>
    /// <param name="sampling">How they are drawn.</param>
    /// <param name="n">How many.</param>
    /// <param name="place">Uniform numbers in (0, 1), by row.</param>
    public static double[] Of(LevelSampling sampling, int n, Func<int, double> place) => sampling switch
    {
        LevelSampling.Stratified => Of(n, place),
        LevelSampling.Spaced when place(0) is var shared => Of(n, _ => shared),
        _ => [.. Enumerable.Range(0, Require.Positive(n)).Select(k => Require.OpenUnitInterval(place(k)))],
    };

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
