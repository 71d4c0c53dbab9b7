using Bench.Numerics;
using Bench.Reference.Sampling;
using Xunit;

namespace Bench.Tests.Reference;

public sealed class PickTests
{
    private const int Count = 100_000;

    private static readonly double[] Distribution = [0.1, 0.2, 0, 0.7];

    // Five standard errors of the largest binomial: one false alarm in a million.
    private static readonly double Allowed = 5 * Math.Sqrt(0.25 / Count);

    [Fact]
    public void Races_follow_their_weights_for_any_sum()
    {
        Check(Distribution, new StreamDraws(RandomStream.Root(1), 0), draws => Race.OfSedd(draws).From([0.3, 0.6, 0, 2.1]));
        Check(Distribution, new StreamDraws(RandomStream.Root(2), 0), draws => Race.OfHdlm(draws).From([0.03, 0.06, 0, 0.21]));
    }

    [Fact]
    public void Inversion_draws_from_its_probabilities() =>
        Check(Distribution, new StreamDraws(RandomStream.Root(3), 0), draws => new Inversion(draws).From(Distribution));

    [Theory, InlineData(1), InlineData(0.5), InlineData(2)]
    public void A_tempered_race_has_the_distribution_of_tempered_logits(double temperature)
    {
        double[] logits = Array.ConvertAll(Distribution, p => Math.Log(p) + 3),
            powers = Array.ConvertAll(Distribution, p => Math.Pow(p, 1 / temperature));
        Check(Array.ConvertAll(powers, p => p / powers.Sum()), new StreamDraws(RandomStream.Root(4), 0),
            draws => new TemperedRace(draws, temperature).From(logits));
    }

    [Fact]
    public void At_temperature_0_a_race_takes_the_largest_logit() =>
        Assert.Equal(3, new TemperedRace(new StreamDraws(RandomStream.Root(5), 0), 0).From([-1, 2, -3, 2.1]));

    [Fact]
    public void Of_infinite_weights_the_first_wins() =>
        Assert.Equal(
            1, Race.OfSedd(new StreamDraws(RandomStream.Root(6), 0))
                .From([5, double.PositiveInfinity, double.PositiveInfinity, double.NegativeInfinity]));

    [Fact]
    public void Draws_of_a_stream_depend_on_their_example_and_order_alone()
    {
        double[] Take(long example)
        {
            var draws = new StreamDraws(RandomStream.Root(7), example);
            return [draws.Uniform(), draws.Below(1000), draws.Uniform()];
        }

        Assert.Equal(Take(1), Take(1));
        Assert.NotEqual(Take(1), Take(2));
        Assert.Equal(3, Take(1).Distinct().Count());
    }

    private static void Check(double[] distribution, IDraws draws, Func<IDraws, int> draw)
    {
        var counts = new int[distribution.Length];
        for (int i = 0; i < Count; i++)
            counts[draw(draws)]++;
        Assert.All(distribution.Zip(counts), outcome => Assert.Equal(outcome.First, outcome.Second / (double)Count, Allowed));
    }
}
