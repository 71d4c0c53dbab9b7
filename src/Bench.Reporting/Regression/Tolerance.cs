using System.Collections.Immutable;
using Bench.Results.Metrics;
using MathNet.Numerics.Distributions;

namespace Bench.Reporting.Regression;

/// <summary>
/// How far fresh numbers may lie from a baseline by chance: the prediction interval of Student's t, from the spread between the baseline's
/// seeds.
/// </summary>
/// <remarks>
/// A fresh mean over m seeds differs from that over n seeds by s·√(1/m + 1/n) times a t of n − 1 degrees of freedom. The same seed on the
/// same machine gives the same bits, so that a check of code that changed nothing has no chance in it at all; another processor or another
/// order of sums rounds otherwise, and a training then drifts apart, at most as far as another seed would.
/// </remarks>
/// <param name="FalseAlarms">Share of checks of sound code that fail, at most, if all of their draws are new.</param>
/// <param name="Random">
/// Numbers with random draws. They share the false alarms evenly (Bonferroni), whatever they have to do with each other.
/// </param>
public sealed record Tolerance(double FalseAlarms, int Random)
{
    // What another order of a sum may change in a number without random draws, relative to it.
    private const double Rounding = 1e-9;

    /// <summary>One in a hundred checks.</summary>
    public const double Usual = 0.01;

    /// <summary>The share of changes that <see cref="Found"/> speaks of.</summary>
    public const double Power = 0.95;

    /// <summary>That of a whole file.</summary>
    public static Tolerance Of(ImmutableArray<GuardedMetric> guarded, double falseAlarms = Usual) =>
        new(falseAlarms, guarded.Count(metric => !metric.IsExact));

    /// <summary>How far the mean of fresh seeds may lie on the wrong side; where neither is better, on either.</summary>
    public double Allowed(GuardedMetric metric, int seeds) => metric.IsExact
        ? Rounding * Math.Max(1, Math.Abs(metric.Value))
        : Reach(metric.Better, metric.Seeds) * metric.Tolerated * Widening(metric.Seeds, seeds);

    /// <summary>How large a change has to be to be found in 19 of 20 checks.</summary>
    public double Found(GuardedMetric metric, int seeds) => metric.IsExact
        ? Allowed(metric, seeds)
        : Allowed(metric, seeds) + (StudentT.InvCDF(0, 1, metric.Seeds - 1, Power) * metric.Tolerated * Widening(metric.Seeds, seeds));

    /// <summary>The quantile of Student's t that a metric of that direction is held to.</summary>
    private double Reach(Direction better, int seeds) =>
        StudentT.InvCDF(0, 1, seeds - 1, 1 - (FalseAlarms / Math.Max(1, Random) / (better == Direction.Same ? 2 : 1)));

    private static double Widening(int before, int now) => Math.Sqrt((1.0 / before) + (1.0 / now));
}
