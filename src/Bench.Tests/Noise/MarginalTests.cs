using Bench.Data;
using Bench.Noise;
using Bench.Numerics;
using Bench.Tests.Golden;
using Xunit;
using Close = Bench.Tests.Golden.Close;

namespace Bench.Tests.Noise;

public sealed class MarginalTests
{
    [Fact]
    public void The_divergence_of_a_marginal_is_the_sum_over_states()
    {
        var (p, q) = (new Marginal(0.2, 0.5, 0.3), new Marginal(0.1, 0.3, 0.6));
        double expected =
            Enumerable.Range(0, 5).Sum(y => p.Probability(y, 2, 4) * Math.Log(p.Probability(y, 2, 4) / q.Probability(y, 2, 4)));
        Close.Assert(expected, p.KullbackLeibler(q, 4), 1e-14);
        Assert.Equal(0, p.KullbackLeibler(p, 4));
    }

    [Fact]
    public void A_prior_without_clean_tokens_is_infinitely_far_from_a_distribution_with_some()
    {
        Assert.Equal(double.PositiveInfinity, new Absorbing().At(3).KullbackLeibler(new Marginal(0, 0, 1), 4));
    }

    [Fact]
    public void There_is_no_way_back_to_less_noise() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new Absorbing().At(1).Since(new Absorbing().At(2)));

    [Theory, InlineData(0.2, 0.5, 0.3), InlineData(0.7, 0.0, 0.3), InlineData(0.0, 1.0, 0.0)]
    public void Drawn_tokens_follow_the_marginal(double keep, double uniform, double mask)
    {
        const int draws = 200_000;
        var vocabulary = new Vocabulary("four", 4);
        var (x0, xt, counts) = (new long[100], new long[100], new double[5]);
        Array.Fill(x0, 2);
        Marginal[] marginals = [.. Enumerable.Repeat(new Marginal(keep, uniform, mask), x0.Length)];
        for (int example = 0; example < draws / x0.Length; example++)
        {
            Corruption.Draw(x0, marginals, vocabulary, RandomStream.Root(7), example, xt);
            foreach (long token in xt)
                counts[token]++;
        }

        // Five standard errors of the largest binomial: one false alarm in a million.
        double[] distribution = [.. Enumerable.Range(0, 5).Select(y => new Marginal(keep, uniform, mask).Probability(y, 2, 4))];
        Close.Assert(distribution, [.. counts.Select(count => count / draws)], 5 * Math.Sqrt(0.25 / draws));
    }

    [Fact]
    public void Corruption_of_an_example_does_not_depend_on_its_neighbours()
    {
        var vocabulary = new Vocabulary("four", 4);
        long[] x0 = [0, 1, 2, 3, 0, 1, 2, 3];
        Marginal[] marginals = [.. Enumerable.Repeat(new Marginal(0.3, 0.3, 0.4), 8)];
        var (whole, part) = (new long[8], new long[4]);
        Corruption.Draw(x0, marginals, vocabulary, RandomStream.Root(1), 5, whole);
        Corruption.Draw(x0.AsSpan(0, 4), marginals.AsSpan(0, 4), vocabulary, RandomStream.Root(1), 5, part);
        Assert.Equal(whole[..4], part);
    }
}
