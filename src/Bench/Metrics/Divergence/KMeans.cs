using System.Numerics.Tensors;
using Bench.Numerics;

namespace Bench.Metrics.Divergence;

/// <summary>
/// k-means: first centres drawn by k-means++ (Arthur and Vassilvitskii 2007), then Lloyd's iteration; the best of several starts.
/// </summary>
/// <param name="Clusters">k.</param>
/// <param name="Draws">Of the first centres: start s takes draw j for its j-th centre.</param>
/// <param name="Starts">How many.</param>
/// <param name="Iterations">At most, of each.</param>
public sealed record KMeans(int Clusters, RandomStream Draws, int Starts = 5, int Iterations = 100)
{
    /// <summary>The cluster of each point.</summary>
    /// <param name="points">[n][d]</param>
    public int[] Of(double[][] points)
    {
        var best = (Clusters: new int[points.Length], Loss: double.PositiveInfinity);
        for (int start = 0; start < Starts && points.Length > 0; start++)
        {
            var found = From(points, First(points, start));
            if (found.Loss < best.Loss)
                best = found;
        }

        return best.Clusters;
    }

    // Each centre is a point, drawn with a probability proportional to its squared distance from the centres before.
    private double[][] First(double[][] points, int start)
    {
        var distance = new double[points.Length];
        Array.Fill(distance, 1);
        var centres = new double[Math.Min(Require.Positive(Clusters), points.Length)][];
        for (int j = 0; j < centres.Length; j++)
        {
            double left = Draws.Uniform(start, j) * distance.Sum();
            int chosen = 0;
            while (chosen < points.Length - 1 && (left -= distance[chosen]) >= 0)
                chosen++;
            centres[j] = (double[])points[chosen].Clone();
            for (int i = 0; i < points.Length; i++)
                distance[i] = j == 0 ? Square(points[i], centres[j]) : Math.Min(distance[i], Square(points[i], centres[j]));
        }

        return centres;
    }

    private (int[] Clusters, double Loss) From(double[][] points, double[][] centres)
    {
        var clusters = new int[points.Length];
        Array.Fill(clusters, -1);
        for (int iteration = 0; ; iteration++)
        {
            var (moved, loss) = (false, 0.0);
            for (int i = 0; i < points.Length; i++)
            {
                var (nearest, distance) = Nearest(points[i], centres);
                moved |= clusters[i] != nearest;
                (clusters[i], loss) = (nearest, loss + distance);
            }

            if (!moved || iteration >= Iterations)
                return (clusters, loss);
            Move(points, clusters, centres);
        }
    }

    // Each centre to the mean of its points; one that has lost all of them stays.
    private static void Move(double[][] points, int[] clusters, double[][] centres)
    {
        foreach (var cluster in Enumerable.Range(0, points.Length).GroupBy(i => clusters[i]))
        {
            var centre = centres[cluster.Key].AsSpan();
            centre.Clear();
            int count = 0;
            foreach (int i in cluster)
            {
                TensorPrimitives.Add(centre, points[i], centre);
                count++;
            }

            TensorPrimitives.Divide(centre, count, centre);
        }
    }

    private static (int Centre, double Distance) Nearest(double[] point, double[][] centres)
    {
        var best = (Centre: 0, Distance: double.PositiveInfinity);
        for (int j = 0; j < centres.Length; j++)
        {
            double distance = Square(point, centres[j]);
            if (distance < best.Distance)
                best = (j, distance);
        }

        return best;
    }

    private static double Square(double[] a, double[] b)
    {
        double distance = TensorPrimitives.Distance<double>(a, b);
        return distance * distance;
    }
}
