using Bench.Objectives;
using Xunit;

namespace Bench.Tests.Objectives;

public sealed class StrataTests
{
    [Theory, InlineData(1), InlineData(7), InlineData(64)]
    public void Every_stratum_holds_one_level(int n) =>
        Assert.Equal(Enumerable.Range(0, n), Strata.Shared(n, 0.37).Select(level => (int)(level * n)));

    [Fact]
    public void Over_the_offset_the_mean_of_a_function_is_its_integral()
    {
        double mean = Enumerable.Range(0, 1000).Average(k => Strata.Shared(4, (k + 0.5) / 1000).Average(level => level * level * level));
        Assert.Equal(0.25, mean, 1e-6);
    }
}
