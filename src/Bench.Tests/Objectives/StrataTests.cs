using Bench.Numerics;
using Bench.Objectives;
using Xunit;

namespace Bench.Tests.Objectives;

public sealed class StrataTests
{
    [Theory, InlineData(1), InlineData(7), InlineData(64)]
    public void Every_stratum_holds_one_level(int n) =>
        Assert.Equal(Enumerable.Range(0, n), Strata.Of(n, k => RandomStream.Root(1).Uniform(0, k)).Select(level => (int)(level * n)));

    [Fact]
    public void The_mean_of_a_function_over_the_levels_is_its_integral_with_the_variance_of_strata()
    {
        // Var of the mean of f(u) = u over n strata is 1/(12 n³); of n independent numbers it is 1/(12 n).
        const int n = 4, repeats = 100_000;
        double[] means =
            [.. Enumerable.Range(0, repeats).Select(repeat => Strata.Of(n, k => RandomStream.Root(1).Uniform(repeat, k)).Average())];
        double variance = means.Average(mean => Math.Pow(mean - 0.5, 2));
        Assert.Equal(0.5, means.Average(), 5 * Math.Sqrt(1.0 / (12 * n * n * n) / repeats));
        Assert.InRange(variance * 12 * n * n * n, 0.97, 1.03);
    }
}
