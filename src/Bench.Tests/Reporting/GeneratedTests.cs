using System.Collections.Immutable;
using Bench.Reporting.Comparisons;
using Bench.Reporting.Statistics;
using Bench.Results;
using Bench.Results.Metrics;
using Bench.Results.Runs;
using Bench.Tests.Results;
using Xunit;

namespace Bench.Tests.Reporting;

public sealed class GeneratedTests
{
    private static readonly GenerationSetting Main = new("ancestral", 64, Cached: true, Batch: 16);

    private static GenerationMetric Row(
        GenerationSetting setting, MetricDescriptor metric, double value, double? error = null, double? low = null, double? high = null,
        string scorer = "") => new(setting, metric.Name, scorer, Units.None, value, error, low, high);

    private static Generated Of(params GenerationMetric[][] seeds) => new([.. seeds.Select(rows => rows.ToImmutableArray())]);

    private static MethodResult Method(params GenerationMetric[] rows)
    {
        using var folder = new TemporaryFolder();
        SyntheticGeneration.Run(new RunStore(folder.Path), "quick", "ar", "AR", [], rows);
        return Comparison.All(new RunStore(folder.Path).ReadAll()).Single().Methods.Single();
    }

    [Fact]
    public void The_first_row_says_which_setting_is_the_main_one()
    {
        var generated = Of([Row(Main, SampleEntropy.Metric, 2.7), Row(Main with { Temperature = 0.5 }, SampleEntropy.Metric, 2.1)]);
        Assert.Equal(Main, generated.Main);
        Assert.True(Of([]).IsEmpty);
        Assert.Null(Of([]).Main);
    }

    [Fact]
    public void Seeds_generate_texts_of_their_own_so_that_their_spread_alone_makes_the_interval()
    {
        var found = Of(
            [Row(Main, ScoredText.Perplexity, 5, 0.1, 4.7, 5.4)],
            [Row(Main, ScoredText.Perplexity, 6, 0.1, 5.7, 6.4)]).Measure(Main, ScoredText.Perplexity)!.Value;

        // Standard deviation 1/√2, over two seeds 1/2; Student's t of one degree of freedom is 12.706.
        Assert.Equal(5.5, found.Value);
        Assert.Equal(0.5, found.StandardError!.Value, 1e-12);
        Assert.Equal(5.5 - 6.353102, found.Interval!.Value.Low, 1e-5);
        Assert.Equal(5.5 + 6.353102, found.Interval!.Value.High, 1e-5);
    }

    [Fact]
    public void One_seed_has_the_interval_over_its_texts_and_an_infinite_one_leaves_none()
    {
        Assert.Equal(
            new(4.7, 5.4), Of([Row(Main, ScoredText.Perplexity, 5, 0.1, 4.7, 5.4)]).Measure(Main, ScoredText.Perplexity)!.Value.Interval);
        var found = Of(
            [Row(Main, ScoredText.Perplexity, 5, 0.1, 4.7, 5.4)],
            [Row(Main, ScoredText.Perplexity, double.PositiveInfinity)]).Measure(Main, ScoredText.Perplexity)!.Value;
        Assert.Equal((double.PositiveInfinity, null, null), (found.Value, found.StandardError, found.Interval));
    }

    [Fact]
    public void Undefined_metrics_are_NaN_and_enter_no_mean()
    {
        GenerationMetric[] undefined =
        [
            GenerationMetric.NotDefined(Main, SelfBleu.Metric.Name, "", Units.None, 1, "less than two sequences have words"),
        ];
        Assert.Equal(0.4, Of(undefined, [Row(Main, SelfBleu.Metric, 0.4)]).Measure(Main, SelfBleu.Metric)!.Value.Value);
        var nowhere = Of(undefined, undefined);
        Assert.Null(nowhere.Measure(Main, SelfBleu.Metric));
        Assert.Null(nowhere.Quality(Main with { Batch = 1 }, SelfBleu.Metric));
        Assert.Empty(nowhere.Protocols(SelfBleu.Metric));
        Assert.Equal("less than two sequences have words", nowhere.Why(Main with { Batch = 1 }, SelfBleu.Metric));
        Assert.Null(nowhere.Why(Main, SampleEntropy.Metric));
        Assert.Equal(Main, nowhere.Main);
    }

    [Fact]
    public void Where_no_scorer_is_named_a_number_of_one_of_two_scorers_serves_for_both()
    {
        var generated = Of(
            [
                GenerationMetric.NotDefined(Main, ScoredText.Mauve.Name, "a", Units.None, 4, "no texts"),
                Row(Main, ScoredText.Mauve, 0.8, scorer: "b"),
            ]);
        Assert.Equal(0.8, generated.Measure(Main, ScoredText.Mauve)!.Value.Value);
        Assert.Null(generated.Measure(Main, ScoredText.Mauve, "a"));
    }

    [Fact]
    public void Neither_cache_nor_batch_changes_the_quality_of_a_text_but_both_change_its_speed()
    {
        var slow = Main with { Cached = false, Batch = 1 };
        var generated = Of(
            [
                Row(Main, SampleEntropy.Metric, 2.7),
                Row(Main, GenerationCosts.TokensPerSecond, 900),
                Row(slow, GenerationCosts.TokensPerSecond, 100),
            ]);
        Assert.Equal(2.7, generated.Quality(slow, SampleEntropy.Metric)!.Value.Value);
        Assert.Equal(100, generated.Measure(slow, GenerationCosts.TokensPerSecond)!.Value.Value);
        Assert.Null(generated.Quality(Main with { Temperature = 0.5 }, SampleEntropy.Metric));
        Assert.Equal([Main], generated.Around(Main, setting => setting with { Temperature = Main.Temperature }).AsEnumerable());
    }

    [Fact]
    public void The_gain_of_the_cache_is_a_ratio_and_its_relative_errors_add_in_squares()
    {
        var without = Main with { Cached = false };
        var pair = Assert.Single(CachePair.Of(Method(
            Row(Main, GenerationCosts.TokensPerSecond, 800, 24), Row(Main, GenerationCosts.NetworkTokens, 2),
            Row(without, GenerationCosts.TokensPerSecond, 100, 4), Row(without, GenerationCosts.NetworkTokens, 20))));
        Assert.Equal((8, 8 * 0.05), (pair.SpeedUp!.Value.Value, pair.SpeedUp!.Value.StandardError!.Value),
            (a, b) => a.Item1 == b.Item1 && Math.Abs(a.Item2 - b.Item2) < 1e-12);
        Assert.Equal(10, pair.Predicted!.Value.Value);
    }

    [Fact]
    public void Without_its_twin_a_cached_setting_has_no_gain() =>
        Assert.Empty(
            CachePair.Of(
                Method(
                    Row(Main, GenerationCosts.TokensPerSecond, 800),
                    Row(Main with { Cached = false, Batch = 1 }, GenerationCosts.TokensPerSecond, 100))));

    [Fact]
    public void The_true_distribution_is_the_first_scorer_and_then_the_one_with_most_scores()
    {
        using var folder = new TemporaryFolder();
        var store = new RunStore(folder.Path);
        SyntheticGeneration.Run(
            store,
            "quick",
            "ar",
            "AR",
            [],
            [Row(Main, ScoredText.Perplexity, 5, scorer: "rare"), Row(Main, ScoredText.Perplexity, 5, scorer: "common")]);
        SyntheticGeneration.Run(
            store,
            "quick",
            "mdlm",
            "MDLM",
            [],
            [Row(Main, ScoredText.Perplexity, 5, scorer: "common"), Row(Main, ScoredText.Perplexity, 5, scorer: "truth")]);
        Assert.Equal(["truth", "common", "rare"], Scorers.Of(Comparison.All(store.ReadAll()).Single()).AsEnumerable());
    }

    [Fact]
    public void A_scorer_without_a_finite_number_comes_last()
    {
        var method = Method(
            Row(Main, ScoredText.Perplexity, double.PositiveInfinity, scorer: "truth"),
            Row(Main, ScoredText.Perplexity, double.NaN, scorer: "broken"),
            Row(Main, ScoredText.Perplexity, 5, scorer: "ngram-6"));
        Assert.Equal(["ngram-6", "truth", "broken"], Scorers.Of(new Comparison("", [method])).AsEnumerable());
    }

    [Fact]
    public void A_scorer_run_is_compared_only_where_there_is_nothing_else()
    {
        using var folder = new TemporaryFolder();
        var store = new RunStore(folder.Path);
        SyntheticGeneration.Run(store, "judge", "ar", "AR scorer", [], []); // stored name
        Assert.Equal(["judge"], Comparison.All(store.ReadAll()).Select(comparison => comparison.Experiment)); // stored name
        SyntheticGeneration.Run(store, "quick", "ar", "AR", [], []);
        Assert.Equal(["quick"], Comparison.All(store.ReadAll()).Select(comparison => comparison.Experiment)); // stored name
    }
}
