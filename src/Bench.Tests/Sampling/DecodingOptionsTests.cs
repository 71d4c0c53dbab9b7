using Bench.Numerics;
using Bench.Sampling;
using Bench.Tests.Golden;
using Xunit;
using Close = Bench.Tests.Golden.Close;

namespace Bench.Tests.Sampling;

/// <summary>How tokens are chosen from distributions, and drawn.</summary>
public sealed class DecodingOptionsTests
{
    private static readonly double[] Distribution = [0.1, 0.4, 0.2, 0.3];

    [Fact]
    public void At_temperature_one_and_with_a_full_nucleus_nothing_changes() => Assert.Equal(Distribution, Applied(new DecodingOptions()));

    [Fact]
    public void Temperature_is_a_power_and_its_limit_is_the_most_probable_token()
    {
        double[] squares = [.. Distribution.Select(p => p * p)];
        Close.Assert([.. squares.Select(p => p / squares.Sum())], Applied(new DecodingOptions(Temperature: 0.5)), 1e-14);
        Close.Assert([0, 1, 0, 0], Applied(new DecodingOptions(Temperature: 0)), 1e-14);
        Close.Assert([0, 1, 0, 0], Applied(new DecodingOptions(Temperature: 1e-3)), 1e-14);
        Close.Assert([0.25, 0.25, 0.25, 0.25], Applied(new DecodingOptions(Temperature: 1e9)), 1e-8);
    }

    [Theory]
    [InlineData(0.7, TopPBoundary.Kept, new[] { 1, 3 })] // 0.4 + 0.3 is 0.7
    [InlineData(0.7, TopPBoundary.Dropped, new[] { 1, 3 })]
    [InlineData(0.75, TopPBoundary.Kept, new[] { 1, 3, 2 })]
    [InlineData(0.75, TopPBoundary.Dropped, new[] { 1, 3 })]
    [InlineData(0.3, TopPBoundary.Kept, new[] { 1 })]
    [InlineData(0.3, TopPBoundary.Dropped, new[] { 1 })] // one at least
    [InlineData(0, TopPBoundary.Kept, new[] { 1 })]
    public void A_nucleus_keeps_the_most_probable_tokens(double nucleus, TopPBoundary crossing, int[] kept)
    {
        double total = kept.Sum(token => Distribution[token]);
        double[] distribution = Applied(new DecodingOptions(TopP: nucleus, Boundary: crossing));
        Close.Assert([.. Distribution.Select((p, token) => kept.Contains(token) ? p / total : 0)], distribution, 1e-14);
    }

    [Theory, InlineData(TopPBoundary.Kept, 3), InlineData(TopPBoundary.Dropped, 2)]
    public void Tokens_that_tie_at_the_edge_are_taken_in_order(TopPBoundary crossing, int kept)
    {
        double[] distribution = [0.25, 0.25, 0.25, 0.25];
        new DecodingOptions(TopP: 0.6, Boundary: crossing).Apply(distribution, settles: false);
        Assert.Equal([.. Enumerable.Range(0, 4).Select(token => token < kept ? 1.0 / kept : 0)], distribution);
    }

    [Fact]
    public void The_total_stays_whatever_it_is()
    {
        double[] distribution = [.. Distribution.Select(p => p * 0.37)];
        new DecodingOptions(0.7, 0.8).Apply(distribution, settles: false);
        Assert.Equal(0.37, distribution.Sum(), 1e-14);
        double[] nothing = [0, 0];
        new DecodingOptions(0.7, 0.8).Apply(nothing, settles: false);
        Assert.Equal([0, 0], nothing);
    }

    [Fact]
    public void A_greedy_tail_is_greedy_where_a_position_settles()
    {
        var decoding = new DecodingOptions(GreedyTail: true);
        Assert.Equal(Distribution, Applied(decoding));
        Close.Assert([0, 1, 0, 0], Applied(decoding, settles: true), 1e-14);
    }

    // arXiv 2409.02908: the largest Gumbel number of 24 random bits is 16.64, and argmax ln π_i + g_i then draws π'_n = π_n Σ_{i≤n} b_i,
    // probabilities ascending, b_i = (e^{(K + 1 − i − S_i/π_i) e^{−M}} − e^{(K + 1 − i − S_i/π_{i−1}) e^{−M}})/S_i, S_i = Σ_{k≥i} π_k.
    [Fact]
    public void Rare_tokens_are_not_cut_off_as_single_precision_Gumbel_numbers_cut_them()
    {
        const int Tail = 40_000, Count = 25_000;
        const double Mass = 1e-3;
        double[] distribution = [1 - Mass, .. Enumerable.Repeat(Mass / Tail, Tail)];
        double truncated = TruncatedTail(Mass, Tail, most: 16.64);
        Assert.InRange(truncated / Mass, 0, 0.2);

        var draws = RandomStream.Root(11);
        int rare = Enumerable.Range(0, Count).Count(n => Categorical.Draw(distribution, draws.Uniform(0, n)) > 0);
        // χ² with one degree of freedom exceeds 15.1 once in 10,000 runs.
        Assert.InRange(ChiSquare(rare, Count, Mass), 0, 15.1);
        Assert.True(ChiSquare(truncated * Count, Count, Mass) > 15.1, "the test has no power");
    }

    // The probability of all rare tokens together under truncation. Between equal probabilities b_i vanishes: what is left for the rare
    // ones is b_1 = e^{(K − 1/π_1) e^{−M}}.
    private static double TruncatedTail(double mass, int tail, double most) =>
        mass * Math.Exp((tail + 1 - (tail / mass)) * Math.Exp(-most));

    private static double ChiSquare(double observed, double count, double p)
    {
        double expected = count * p;
        return ((observed - expected) * (observed - expected) / expected)
            + ((observed - expected) * (observed - expected) / (count - expected));
    }

    private static double[] Applied(DecodingOptions decoding, bool settles = false)
    {
        double[] distribution = [.. Distribution];
        decoding.Apply(distribution, settles);
        return distribution;
    }
}
