using Bench.Noise;
using Bench.Noise.Schedules;
using Xunit;

namespace Bench.Tests.Noise;

public sealed class NoiseArgumentTests
{
    [Theory, InlineData(double.NaN), InlineData(-1e-9), InlineData(double.NegativeInfinity)]
    public void There_is_no_mixed_noise_at_a_total_below_zero(double sigma) =>
        Assert.Contains("sigma is", Assert.Throws<ArgumentOutOfRangeException>(() => new GammaHybrid(0.3).At(sigma)).Message,
            StringComparison.Ordinal);

    [Fact]
    public void Mixed_noise_has_a_limit()
    {
        Assert.Equal(new Marginal(0, 0, 1), new GammaHybrid(0.3).At(double.PositiveInfinity));
        Assert.Equal(new Marginal(0, 1, 0), new GammaHybrid(1).At(double.PositiveInfinity));
    }

    [Theory, InlineData(double.NaN), InlineData(-0.1), InlineData(1.1)]
    public void A_cosine_ends_at_the_ends_of_time(double t) =>
        Assert.Contains("t is", Assert.Throws<ArgumentOutOfRangeException>(() => new Cosine(2).Sigma(t)).Message, StringComparison.Ordinal);
}
