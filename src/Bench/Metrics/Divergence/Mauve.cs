using System.Numerics.Tensors;
using Bench.Numerics;
using Bench.Statistics;
using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Double;

namespace Bench.Metrics.Divergence;

/// <summary>
/// MAUVE (Pillutla et al. 2021, arXiv 2102.01454): the area under the divergence curve of generated and reference text, each a histogram
/// over clusters of the features of both. Features are scaled to unit length and reduced to principal components first, as the published
/// code does.
/// </summary>
/// <remarks>
/// Depends on neither the order of the texts nor on which side is which. The value depends on features, number of texts and number of
/// clusters: compare only what shares them. The error is the jackknife's over the texts of both sides with the clusters kept, so it does
/// not cover how the clusters would vary.
/// </remarks>
/// <param name="Draws">Of the clusters' first centres.</param>
public sealed record Mauve(RandomStream Draws)
{
    /// <summary>How many clusters; null for a tenth of the texts of the smaller side, as published.</summary>
    public int? Clusters { get; init; }

    /// <summary>c of <see cref="DivergenceCurve"/>.</summary>
    public double Scale { get; init; } = 5;

    /// <summary>How many mixtures the curve is drawn through.</summary>
    public int Mixtures { get; init; } = 25;

    /// <summary>
    /// What is added to the count of every cluster on each side (Krichevsky and Trofimov 1981; Pillutla et al. 2023, arXiv 2212.14578).
    /// </summary>
    public double Smoothing { get; init; } = 0.5;

    /// <summary>The share of the features' variance that is kept.</summary>
    public double Variance { get; init; } = 0.9;

    /// <summary>How it is measured, as text.</summary>
    public string Protocol(int generated, int reference) =>
        $"{generated} texts against {reference}, {ClustersFor(generated, reference)} clusters (k-means++, best of 5, random stream "
            + $"{Draws.Key:x16}), {Variance * 100:0} % of variance, "
        + $"counts + {Smoothing:0.##}, scale {Scale:0.##}, {Mixtures} mixtures";

    /// <summary>From features; NaN where a side has no texts or a feature is not a finite number.</summary>
    /// <param name="generated">[n][d]</param>
    /// <param name="reference">[m][d]</param>
    public Estimate Of(double[][] generated, double[][] reference)
    {
        double[][] features = [.. generated.Concat(reference).Select(Unit)];
        if (generated.Length == 0 || reference.Length == 0 || features.Any(row => row.Any(value => !double.IsFinite(value))))
            return Estimate.Bare(double.NaN, generated.Length);
        // Sorted, so that neither sums nor draws depend on the order of the texts.
        int[] order = [.. Enumerable.Range(0, features.Length)];
        Array.Sort(order, (a, b) => features[a].AsSpan().SequenceCompareTo(features[b]));
        int count = ClustersFor(generated.Length, reference.Length);
        int[] sorted = new KMeans(count, Draws).Of(PrincipalComponents.Of([.. order.Select(i => features[i])], Variance));
        var clusters = new int[features.Length];
        for (int i = 0; i < order.Length; i++)
            clusters[order[i]] = sorted[i];
        return Compare(Histogram(clusters[..generated.Length], count), Histogram(clusters[generated.Length..], count));
    }

    // The value, and what it is without each text: one of a cluster is like another.
    private Estimate Compare(double[] generated, double[] reference)
    {
        double value = Area(generated, reference);
        return Jackknife.Of(value, Without(generated, less => Area(less, reference)), Without(reference, less => Area(generated, less)))
            .OfShare();
    }

    private static double[] Without(double[] counts, Func<double[], double> value) =>
        [.. counts.Index().Where(cluster => cluster.Item > 0).SelectMany(cluster =>
    {
        double[] less = [.. counts];
        less[cluster.Index]--;
        return Enumerable.Repeat(counts.Sum() > 1 ? value(less) : double.NaN, (int)cluster.Item);
    })];

    private double Area(double[] generated, double[] reference) =>
        DivergenceCurve.Area(Distribution(generated), Distribution(reference), Scale, Mixtures);

    private double[] Distribution(double[] counts)
    {
        double sum = counts.Sum() + (counts.Length * Smoothing);
        return Array.ConvertAll(counts, count => (count + Smoothing) / sum);
    }

    private int ClustersFor(int generated, int reference) =>
        Clusters ?? Math.Max(2, (int)Math.Round(Math.Min(generated, reference) / 10.0));

    private static double[] Histogram(int[] clusters, int count)
    {
        var counts = new double[count];
        foreach (int cluster in clusters)
            counts[cluster]++;
        return counts;
    }

    private static double[] Unit(double[] feature)
    {
        double length = TensorPrimitives.Norm<double>(feature);
        return length == 0 ? feature : Array.ConvertAll(feature, value => value / length);
    }
}

/// <summary>Principal components: points in the fewest directions that hold a share of their variance.</summary>
public static class PrincipalComponents
{
    /// <summary>The points about their mean, along those directions.</summary>
    /// <param name="points">[n][d]</param>
    /// <param name="share">Of the variance that is kept.</param>
    /// <returns>[n][m], m ≤ d; one column of zeros where all points are alike.</returns>
    public static double[][] Of(double[][] points, double share)
    {
        Matrix<double> centred = DenseMatrix.OfRowArrays(points);                       // [n, d]
        var mean = centred.ColumnSums() / points.Length;
        centred.MapIndexedInplace((_, column, value) => value - mean[column]);
        var directions = centred.TransposeThisAndMultiply(centred).Svd();               // of [d, d], the largest variance first
        double all = directions.S.Sum();
        if (!(all > 0))
            return [.. points.Select(_ => new double[1])];
        var (kept, sum) = (0, 0.0);
        while (kept < directions.S.Count && sum < share * all)
            sum += directions.S[kept++];
        return (centred * directions.U.SubMatrix(0, directions.U.RowCount, 0, kept)).ToRowArrays();
    }
}

/// <summary>
/// The divergence curve of two distributions P and Q on the same bins (Pillutla et al. 2021, arXiv 2102.01454, equation 1): (e^{−c
/// KL(Q‖R)}, e^{−c KL(P‖R)}) for all mixtures R = λP + (1 − λ)Q, from (1, 0) to (0, 1).
/// </summary>
/// <remarks>
/// Equal distributions have area 1. CleanDistribution without a common bin have KL(Q‖R) = −ln(1 − λ) and KL(P‖R) = −ln λ, and so the area c
/// B(c, c + 1) = c Γ(c) Γ(c + 1)/Γ(2c + 1).
/// </remarks>
public static class DivergenceCurve
{
    // How far λ stays from 0 and 1, as in the published code.
    private const double Margin = 1e-6;

    /// <summary>The area under the curve through the points of evenly spaced mixtures.</summary>
    /// <param name="p">[k], sums to one.</param>
    /// <param name="q">[k], sums to one.</param>
    /// <param name="scale">c.</param>
    /// <param name="mixtures">How many λ.</param>
    public static double Area(ReadOnlySpan<double> p, ReadOnlySpan<double> q, double scale, int mixtures)
    {
        Require.Length(p.Length, q.Length);
        Require.AtLeast(mixtures, 2);
        var (area, x, y) = (0.0, 1.0, 0.0);
        for (int i = 0; i < mixtures; i++)
        {
            double lambda = Margin + ((1 - (2 * Margin)) * i / (mixtures - 1));
            var (nextX, nextY) = (Math.Exp(-scale * ToMixture(q, p, 1 - lambda)), Math.Exp(-scale * ToMixture(p, q, lambda)));
            (area, x, y) = (area + ((x - nextX) * (y + nextY) / 2), nextX, nextY);
        }

        return area + (x * (y + 1) / 2);
    }

    // KL(distribution ‖ share·distribution + (1 − share)·other)
    private static double ToMixture(ReadOnlySpan<double> distribution, ReadOnlySpan<double> other, double share)
    {
        double divergence = 0;
        for (int i = 0; i < distribution.Length; i++)
            divergence += distribution[i] > 0
                ? distribution[i] * Math.Log(distribution[i] / ((share * distribution[i]) + ((1 - share) * other[i])))
                : 0;
        return divergence;
    }
}
