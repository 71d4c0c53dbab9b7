using Bench.Results;
using Bench.Results.Claims;
using Bench.Results.Metrics;
using Bench.Results.Runs;
using Xunit;

namespace Bench.Tests.Reporting.Claims;

/// <summary>What claims measure in runs, against curves and numbers that are known.</summary>
public sealed class EffectTests
{
    [Fact]
    public void The_gap_of_two_lines_is_its_mean_over_the_range_that_both_have()
    {
        // x on [0, 3] less 1 + x/2 on [1, 5]: x/2 − 1 over [1, 3], whose mean is 0.
        var (gap, from, to) = new Curve([(3, 3), (0, 0)]).Less(new Curve([(1, 1.5), (5, 3.5)]))!.Value;
        Assert.Equal((0, 1, 3), (Math.Round(gap, 12), from, to));
        Assert.Equal(0.5, new Curve([(0, 0), (4, 4)]).Less(new Curve([(2, 1.5), (3, 2.5)]))!.Value.Gap, 1e-12);
    }

    [Fact]
    public void Knots_of_either_curve_count()
    {
        // A tent of height 1 over [0, 2] has the mean 1/2; half of it, over [0, 1.5], has (1/2 + 3/8)/1.5.
        var tent = new Curve([(0, 0), (1, 1), (2, 0)]);
        Assert.Equal(0.5, tent.Less(new Curve([(-1, 0), (5, 0)]))!.Value.Gap, 1e-12);
        Assert.Equal(-0.5, new Curve([(-1, 0), (5, 0)]).Less(tent)!.Value.Gap, 1e-12);
        Assert.Equal((0.5 + 0.375) / 1.5, tent.Less(new Curve([(-1, 0), (1.5, 0)]))!.Value.Gap, 1e-12);
    }

    [Fact]
    public void A_fine_curve_has_the_gap_of_its_integral()
    {
        // ln x over [1, 2] has the mean 2 ln 2 − 1.
        var curve = new Curve(Enumerable.Range(0, 2001).Select(i => 1 + (i / 2000.0)).Select(x => (x, Math.Log(x))));
        Assert.Equal((2 * Math.Log(2)) - 1, curve.Less(new Curve([(0, 0), (9, 0)]))!.Value.Gap, 1e-7);
    }

    [Fact]
    public void Points_and_curves_apart_have_no_gap()
    {
        var point = new Curve([(1, 1), (1, 3)]);
        Assert.Equal(1, point.Count);
        Assert.Null(point.Less(new Curve([(0, 0), (2, 0)])));
        Assert.Null(new Curve([(0, 0), (1, 0)]).Less(new Curve([(1, 0), (2, 0)])));
        Assert.Null(new Curve([(0, 0), (1, 0)]).Less(new Curve([(2, 0), (3, 0)])));
        Assert.Null(new Curve([]).Less(new Curve([(2, 0), (3, 0)])));
    }

    [Fact]
    public void A_power_has_its_exponent_as_trend_and_a_line_in_the_logarithm_its_slope()
    {
        var costs = Enumerable.Range(2, 4).Select(power => Run($"w{1 << power}", 1, [], [Cost(5 * Math.Pow(1 << power, 0.75))]));
        var trend = new Trend([new("w4"), new("w8"), new("w16"), new("w32")], [4, 8, 16, 32], GenerationCosts.NetworkTokens)
        {
            Claimed = new(0, 1),
        };
        Assert.Equal(0.75, Assert.Single(Assert.Single(trend.Of([.. costs])).Seeds).Value, 1e-12);

        var bits = new Trend([new("a"), new("b"), new("c")], [1, 2, 8], LikelihoodMetrics.Likelihood) { Claimed = new(0, 1) };
        Assert.Equal(0.3, Assert.Single(Assert.Single(bits.Of(
            [Run("a", 1, [Bits(2)], []), Run("b", 1, [Bits(2.3)], []), Run("c", 1, [Bits(2.9)], [])])).Seeds).Value, 1e-12);
    }

    [Fact]
    public void Pairs_share_a_seed_and_ratios_are_logarithms()
    {
        RunRecord[] runs =
        [
            Run("a", 1, [Bits(2)], []), Run("a", 2, [Bits(3)], []), Run("a", 4, [Bits(9)], []), Run("b", 2, [Bits(1)], []),
            Run("b", 1, [Bits(4)], []), Run("b", 3, [Bits(4)], []),
        ];
        var difference = new Difference([new("a")], new("b"), LikelihoodMetrics.Likelihood) { Claimed = new(0, 1) };
        Assert.Equal([new(1, -2), new(2, 2)], Assert.Single(difference.Of([.. runs])).Seeds.AsEnumerable());
        var ratio = new Ratio([new("a")], new("b"), LikelihoodMetrics.Likelihood) { Claimed = new(0, 1) };
        Assert.Equal([new(1, Math.Log(0.5)), new(2, Math.Log(3))], Assert.Single(ratio.Of([.. runs])).Seeds.AsEnumerable());
        Assert.Equal(3, ratio.ToShown(ratio.ToTested(3)), 1e-12);
    }

    [Fact]
    public void Sides_of_one_run_may_differ_in_the_metric_and_in_the_cache()
    {
        var main = new GenerationSetting("ancestral", 16, Cached: true, Batch: 8);
        var run = Run("a", 1, [Bits(2), new(UnmaskingMetrics.LeftToRight.Name, Splits.Test, Units.BitsPerCharacter, 1.75)],
            [Speed(main, 60), Speed(main with { Batch = 1 }, 7), Speed(main with { Cached = false }, 20)]);
        var exact = new Difference([new("a") { Metric = UnmaskingMetrics.LeftToRight }], new("a"), LikelihoodMetrics.Likelihood)
        {
            Claimed = new(0, 1),
        };
        Assert.Equal(-0.25, Assert.Single(Assert.Single(exact.Of([run])).Seeds).Value, 1e-12);
        var gain = new Ratio([new("a")], new("a") { Cached = false }, GenerationCosts.TokensPerSecond) { Claimed = new(0, 1) };
        Assert.Equal(Math.Log(3), Assert.Single(Assert.Single(gain.Of([run])).Seeds).Value, 1e-12);
    }

    [Fact]
    public void A_frontier_compares_at_equal_entropy_alone()
    {
        // Through temperatures ln perplexity is 2·entropy; through strengths it is 0.25 less, at entropies that are lower.
        var main = new GenerationSetting("ancestral", 16, Batch: 8);
        IEnumerable<GenerationMetric> rows =
        [
            .. ((double[])[1, 0.8, 0.6]).SelectMany(t => Text(main with { Temperature = t }, 2 * (2 + t), 2 + t)),
            .. Text(main with { Steps = 4 }, 9, 2.9),
            .. Text(main with { Sampler = "ACS 0.25" }, (2 * 2.75) - 0.25, 2.75),
            .. Text(main with { Sampler = "ACS 1" }, (2 * 2.25) - 0.25, 2.25),
        ];
        var run = Run("a", 1, [], [.. rows]);
        var frontier = new Frontier([new("a") { Samplers = ["ACS 0.25", "ACS 1"] }], new("a")) { Claimed = new(0, 1) };
        var contrast = Assert.Single(frontier.Of([run]));
        Assert.Equal(-0.25, Assert.Single(contrast.Seeds).Value, 1e-12);
        Assert.Equal("at entropies from 2.60 to 2.75 nats", contrast.Remark);

        var apart = Run("b", 1, [], [.. Text(main, 1, 1), .. Text(main with { Temperature = 0.5 }, 1, 0.5)]);
        contrast = Assert.Single(new Frontier([new("b")], new("a")) { Claimed = new(0, 1) }.Of([run, apart]));
        Assert.Empty(contrast.Seeds);
        Assert.Equal("the frontiers have no common entropy with 1 of 1 seeds", contrast.Lack);
    }

    private static Metric Bits(double value) => new(LikelihoodMetrics.Likelihood.Name, Splits.Test, Units.BitsPerCharacter, value);

    private static GenerationMetric Cost(double slots) =>
        new(new("ancestral", 16), GenerationCosts.NetworkTokens.Name, "", Units.None, slots);

    private static GenerationMetric Speed(GenerationSetting setting, double value) =>
        new(setting, GenerationCosts.TokensPerSecond.Name, "", Units.TokensPerSecond, value);

    // Under the network, and under counts, which are not to be read where there is a network.
    private static IEnumerable<GenerationMetric> Text(GenerationSetting setting, double logarithm, double entropy) =>
    [
        new(setting, ScoredText.Perplexity.Name, "ngram-6", Units.PerplexityPerCharacter, 99),
        new(setting, ScoredText.Perplexity.Name, "network", Units.PerplexityPerCharacter, Math.Exp(logarithm)),
        new(setting, SampleEntropy.Metric.Name, "", Units.Nats, entropy),
    ];

    private static RunRecord Run(string method, int seed, Metric[] metrics, GenerationMetric[] generation) => new()
    {
        Id = $"{method}{seed}",
        Folder = "",
        Definition = SyntheticResults.Definition("claims", "text8", method, method.ToUpperInvariant(), "", seed),
        Status = new(RunState.Finished),
        Metrics = [.. metrics],
        Generation = [.. generation],
    };
}
