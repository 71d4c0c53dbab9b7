using Bench.Numerics;
using Bench.Objectives;
using Xunit;

namespace Bench.Tests.Objectives;

public sealed class StrataTests
{
    [Theory, InlineData(1), InlineData(7), InlineData(64)]
    public void Every_stratum_holds_one_level(int n) =>
        Assert.Equal(Enumerable.Range(0, n), Strata.Of(n, k => RandomStream.Root(1).Uniform(0, k)).Select(level => (int)(level * n)));

    // Var of the mean of f(u) = u over n strata is 1/(12 n³); of numbers at even distances 1/(12 n²), of n independent ones 1/(12 n).
    [Theory, InlineData(LevelSampling.Stratified, 3), InlineData(LevelSampling.Spaced, 2), InlineData(LevelSampling.Independent, 1)]
    public void The_mean_of_a_function_over_the_levels_is_its_integral_with_the_variance_of_their_kind(LevelSampling kind, int power)
    {
        const int n = 4, repeats = 100_000;
        double expected = 1 / (12 * Math.Pow(n, power));
        double[] means =
            [.. Enumerable.Range(0, repeats).Select(repeat => Strata.Of(kind, n, k => RandomStream.Root(1).Uniform(repeat, k)).Average())];
        double variance = means.Average(mean => Math.Pow(mean - 0.5, 2));
        Assert.Equal(0.5, means.Average(), 5 * Math.Sqrt(expected / repeats));
        Assert.InRange(variance / expected, 0.97, 1.03);
    }

    [Theory, InlineData(LevelSampling.Stratified), InlineData(LevelSampling.Spaced), InlineData(LevelSampling.Independent)]
    public void Each_level_by_itself_is_uniform_over_the_batch(LevelSampling kind)
    {
        const int n = 5, repeats = 20_000, parts = 10;
        int[] counts = new int[parts];
        foreach (double level in Enumerable.Range(0, repeats).SelectMany(
            repeat => Strata.Of(kind, n, k => RandomStream.Root(2).Uniform(repeat, k))))
        {
            Assert.InRange(level, double.Epsilon, 1 - 1e-16);
            counts[(int)(level * parts)]++;
        }

        // Five standard deviations of independent numbers; those of strata are less.
        Assert.All(counts, count => Assert.Equal((double)n * repeats / parts, count, 5 * Math.Sqrt(n * repeats * 0.09)));
    }

    [Fact]
    public void Levels_at_even_distances_have_one_place_in_common()
    {
        double[] levels = Strata.Of(LevelSampling.Spaced, 4, k => (k + 1) / 8.0);
        Assert.Equal([0.03125, 0.28125, 0.53125, 0.78125], levels);
        Assert.Equal([0.125, 0.25, 0.375, 0.5], Strata.Of(LevelSampling.Independent, 4, k => (k + 1) / 8.0));
    }

    [Fact]
    public void A_batch_of_one_is_the_same_in_every_kind() =>
        Assert.All(Enum.GetValues<LevelSampling>(), kind => Assert.Equal([0.3], Strata.Of(kind, 1, _ => 0.3)));
}
