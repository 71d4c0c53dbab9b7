using Bench.Metrics.Divergence;
using Bench.Numerics;
using Xunit;

namespace Bench.Tests.Metrics.Divergence;

public sealed class KMeansTests
{
    [Theory, InlineData(1), InlineData(2), InlineData(3)]
    public void Distant_points_are_in_separate_clusters(ulong seed)
    {
        double[][] points = [.. Enumerable.Range(0, 60).Select(i => (double[])[(100 * (i % 3)) + Math.Sin(i), Math.Cos(i)])];
        int[] clusters = new KMeans(3, RandomStream.Root(seed)).Of(points);
        Assert.Equal(3, clusters.Distinct().Count());
        Assert.All(Enumerable.Range(3, 57), i => Assert.Equal(clusters[i % 3], clusters[i]));
    }

    [Fact]
    public void As_many_clusters_as_points_leave_each_alone() =>
        Assert.Equal(4, new KMeans(4, RandomStream.Root(1)).Of([[0], [1], [2], [3]]).Distinct().Count());

    [Fact]
    public void Points_that_are_all_alike_share_a_cluster() =>
        Assert.Single(new KMeans(3, RandomStream.Root(1)).Of([[1, 1], [1, 1], [1, 1], [1, 1]]).Distinct());

    [Fact]
    public void More_clusters_than_points_and_no_points_are_taken()
    {
        Assert.Equal(2, new KMeans(5, RandomStream.Root(1)).Of([[0], [1]]).Distinct().Count());
        Assert.Empty(new KMeans(5, RandomStream.Root(1)).Of([]));
    }
}
