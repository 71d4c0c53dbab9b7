using Bench.Numerics;
using Xunit;

namespace Bench.Tests.Numerics;

public sealed class ExponentialTests
{
    [Theory, InlineData(1e-300), InlineData(5e-17), InlineData(1e-12), InlineData(1e-5)]
    public void For_little_noise_the_jump_probability_follows_its_series(double sigma) =>
        Assert.Equal(1, Exponential.Jumped(sigma) / (sigma - (sigma * sigma / 2) + (sigma * sigma * sigma / 6)), 1e-15);

    [Theory, InlineData(0.1), InlineData(1.0), InlineData(5.0), InlineData(40.0)]
    public void Jumping_and_staying_exhaust_the_possibilities(double sigma) =>
        Assert.Equal(1, Exponential.Jumped(sigma) + Math.Exp(-sigma), 1e-15);

    [Fact]
    public void No_noise_never_jumps_and_endless_noise_always_does()
    {
        Assert.Equal(0, Exponential.Jumped(0));
        Assert.Equal(1, Exponential.Jumped(1e6));
        Assert.Equal(1, Exponential.Jumped(double.PositiveInfinity));
    }
}
