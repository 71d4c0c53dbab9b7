using Bench.Metrics.Divergence;
using Bench.Numerics;
using MathNet.Numerics;
using Xunit;

namespace Bench.Tests.Metrics.Divergence;

public sealed class PrincipalComponentsTests
{
    private static readonly double[][] Points = [.. Enumerable.Range(0, 12).Select(example =>
    {
        var point = new double[5];
        RandomStream.Root(1).FillNormal(example, point);
        return point;
    })];

    [Fact]
    public void All_components_keep_all_distances()
    {
        double[][] scores = PrincipalComponents.Of(Points, share: 1);
        for (int i = 1; i < Points.Length; i++)
            Assert.Equal(Distance.Euclidean(Points[0], Points[i]), Distance.Euclidean(scores[0], scores[i]), 1e-9);
    }

    [Fact]
    public void Points_on_a_line_need_one_component()
    {
        double[][] scores = PrincipalComponents.Of([[1, 2, 3], [2, 4, 6], [4, 8, 12]], share: 0.99);
        Assert.All(scores, row => Assert.Single(row));
        Assert.Equal(2 * Math.Abs(scores[1][0] - scores[0][0]), Math.Abs(scores[2][0] - scores[1][0]), 1e-9);
    }

    [Fact]
    public void Points_that_are_all_alike_have_no_direction() =>
        Assert.All(PrincipalComponents.Of([[1, 2], [1, 2]], share: 0.9), row => Assert.Equal([0.0], row));
}
