using System.Collections.Immutable;
using MathNet.Numerics.Distributions;
using MathNet.Numerics.Statistics;

namespace Bench.Reporting.Statistics;

/// <summary>
/// Student's paired t test: whether two methods differ by more than chance between seeds explains. Pairs share a seed, and with it
/// the order of the data and the noise drawn to evaluate.
/// </summary>
/// <param name="Pairs">How many seeds both have; at least two.</param>
/// <param name="Difference">The mean of the differences, with their 95 % interval; its error is that of the mean.</param>
/// <param name="P">The probability of a mean at least as far from zero where there is no difference; two-sided.</param>
internal sealed record PairedTest(int Pairs, Measurement Difference, double P)
{
    /// <summary>Of differences, one a pair. Null for fewer than two: one difference has no spread to compare with.</summary>
    public static PairedTest? Of(IReadOnlyList<double> differences)
    {
        if (differences.Count < 2 || !differences.All(double.IsFinite))
            return null;
        double mean = differences.Mean(), error = Math.Sqrt(differences.Variance() / differences.Count);
        int freedom = differences.Count - 1;

        // Without any spread t is infinite, or there is no difference at all.
        double p = error > 0 ? 2 * StudentT.CDF(0, 1, freedom, -Math.Abs(mean / error)) : mean == 0 ? 1 : 0;
        double reach = Reach(differences.Count) * error;
        return new PairedTest(differences.Count, new Measurement(mean, error > 0 ? error : null) { Interval = new Interval(mean - reach, mean + reach) }, p);
    }

    /// <summary>The mean of such values lies this many of its standard errors about the truth in 95 of 100 cases.</summary>
    /// <param name="count">Of the values; at least two.</param>
    public static double Reach(int count) => StudentT.InvCDF(0, 1, count - 1, 0.975);

    /// <summary>
    /// Holm's adjustment ("A simple sequentially rejective multiple test procedure", 1979): rejecting what comes out below
    /// α is wrong anywhere in the family in at most a share α of cases, however the tests depend on each other.
    /// </summary>
    public static ImmutableArray<double> Holm(IReadOnlyList<double> p)
    {
        double[] adjusted = new double[p.Count];
        double largest = 0;
        foreach (var (rank, i) in Enumerable.Range(0, p.Count).OrderBy(i => p[i]).ThenBy(i => i).Index())
        {
            largest = Math.Max(largest, Math.Min(1, (p.Count - rank) * p[i]));
            adjusted[i] = largest;
        }

        return [.. adjusted];
    }
}
