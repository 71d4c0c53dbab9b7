using Bench.Metrics.Divergence;
using Xunit;
using static MathNet.Numerics.SpecialFunctions;

namespace Bench.Tests.Metrics.Divergence;

public sealed class DivergenceCurveTests
{
    [Fact]
    public void Equal_distributions_have_area_1() => Assert.Equal(1, DivergenceCurve.Area([0.2, 0.5, 0.3], [0.2, 0.5, 0.3], 5, 25), 1e-12);

    [Theory, InlineData(1.0), InlineData(2.0), InlineData(5.0)]
    public void Distributions_without_a_common_bin_have_the_area_of_a_beta_function(double scale) =>
        Assert.Equal(scale * Beta(scale, scale + 1), DivergenceCurve.Area([0.4, 0.6, 0, 0], [0, 0, 0.7, 0.3], scale, mixtures: 4001), 1e-5);

    [Fact]
    public void It_does_not_matter_which_side_is_which() =>
        Assert.Equal(DivergenceCurve.Area([0.1, 0.6, 0.3], [0.5, 0.1, 0.4], 5, 25),
            DivergenceCurve.Area([0.5, 0.1, 0.4], [0.1, 0.6, 0.3], 5, 25), 1e-12);

    [Fact]
    public void Closer_distributions_have_a_larger_area()
    {
        double[] areas = [.. Enumerable.Range(0, 11)
            .Select(step => DivergenceCurve.Area([0.8, 0.2], [0.8 - (0.07 * step), 0.2 + (0.07 * step)], 5, 25))];
        Assert.Equal(areas.OrderDescending(), areas);
    }

    [Fact]
    public void Merging_bins_increases_the_area() => // the data processing inequality, for every mixture
        Assert.True(DivergenceCurve.Area([0.1, 0.3, 0.6], [0.4, 0.2, 0.4], 5, 25) < DivergenceCurve.Area([0.4, 0.6], [0.6, 0.4], 5, 25));
}
