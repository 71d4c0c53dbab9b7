using System.Collections.Immutable;
using Bench.Reporting.Comparisons;
using Bench.Reporting.Statistics;
using Bench.Results;
using Bench.Results.Runs;
using Bench.Tests.Results;
using Xunit;

namespace Bench.Tests.Reporting;

public sealed class GeneratedTests
{
    private static readonly GenerationSetting Main = new("ancestral", 64, Cached: true, Batch: 16);

    private static GenerationMetric Row(GenerationSetting setting, string name, double value, double? error = null, double? low = null, double? high = null, string judge = "") =>
        new(setting, name, judge, Units.None, value, error, low, high);

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
        var generated = Of([Row(Main, GenerationMetricNames.Entropy, 2.7), Row(Main with { Temperature = 0.5 }, GenerationMetricNames.Entropy, 2.1)]);
        Assert.Equal(Main, generated.Main);
        Assert.True(Of([]).IsEmpty);
        Assert.Null(Of([]).Main);
    }

    [Fact]
    public void Seeds_generate_texts_of_their_own_so_that_their_spread_alone_makes_the_interval()
    {
        var found = Of(
            [Row(Main, GenerationMetricNames.Perplexity, 5, 0.1, 4.7, 5.4)],
            [Row(Main, GenerationMetricNames.Perplexity, 6, 0.1, 5.7, 6.4)]).Measure(Main, GenerationMetricNames.Perplexity)!.Value;

        // Standard deviation 1/√2, over two seeds 1/2; Student's t of one degree of freedom is 12.706.
        Assert.Equal(5.5, found.Value);
        Assert.Equal(0.5, found.StandardError!.Value, 1e-12);
        Assert.Equal(5.5 - 6.353102, found.Interval!.Value.Low, 1e-5);
        Assert.Equal(5.5 + 6.353102, found.Interval!.Value.High, 1e-5);
    }

    [Fact]
    public void One_seed_has_the_interval_over_its_texts_and_an_infinite_one_leaves_none()
    {
        Assert.Equal(new(4.7, 5.4), Of([Row(Main, GenerationMetricNames.Perplexity, 5, 0.1, 4.7, 5.4)]).Measure(Main, GenerationMetricNames.Perplexity)!.Value.Interval);
        var found = Of([Row(Main, GenerationMetricNames.Perplexity, 5, 0.1, 4.7, 5.4)], [Row(Main, GenerationMetricNames.Perplexity, double.PositiveInfinity)]).Measure(Main, GenerationMetricNames.Perplexity)!.Value;
        Assert.Equal((double.PositiveInfinity, null, null), (found.Value, found.StandardError, found.Interval));
    }

    [Fact]
    public void What_is_not_defined_is_no_number_and_enters_no_mean()
    {
        GenerationMetric[] undefined = [GenerationMetric.NotDefined(Main, GenerationMetricNames.SelfBleu, "", Units.None, 1, "less than two sequences have words")];
        Assert.Equal(0.4, Of(undefined, [Row(Main, GenerationMetricNames.SelfBleu, 0.4)]).Measure(Main, GenerationMetricNames.SelfBleu)!.Value.Value);
        var nowhere = Of(undefined, undefined);
        Assert.Null(nowhere.Measure(Main, GenerationMetricNames.SelfBleu));
        Assert.Null(nowhere.Quality(Main with { Batch = 1 }, GenerationMetricNames.SelfBleu));
        Assert.Empty(nowhere.Protocols(GenerationMetricNames.SelfBleu));
        Assert.Equal("less than two sequences have words", nowhere.Why(Main with { Batch = 1 }, GenerationMetricNames.SelfBleu));
        Assert.Null(nowhere.Why(Main, GenerationMetricNames.Entropy));
        Assert.Equal(Main, nowhere.Main);
    }

    [Fact]
    public void Of_two_judges_one_that_gives_a_number_gives_it_for_both_where_none_is_named()
    {
        var generated = Of([GenerationMetric.NotDefined(Main, GenerationMetricNames.Mauve, "a", Units.None, 4, "no texts"), Row(Main, GenerationMetricNames.Mauve, 0.8, judge: "b")]);
        Assert.Equal(0.8, generated.Measure(Main, GenerationMetricNames.Mauve)!.Value.Value);
        Assert.Null(generated.Measure(Main, GenerationMetricNames.Mauve, "a"));
    }

    [Fact]
    public void Neither_cache_nor_batch_changes_the_quality_of_a_text_but_both_change_its_speed()
    {
        var slow = Main with { Cached = false, Batch = 1 };
        var generated = Of([Row(Main, GenerationMetricNames.Entropy, 2.7), Row(Main, GenerationMetricNames.TokensPerSecond, 900), Row(slow, GenerationMetricNames.TokensPerSecond, 100)]);
        Assert.Equal(2.7, generated.Quality(slow, GenerationMetricNames.Entropy)!.Value.Value);
        Assert.Equal(100, generated.Measure(slow, GenerationMetricNames.TokensPerSecond)!.Value.Value);
        Assert.Null(generated.Quality(Main with { Temperature = 0.5 }, GenerationMetricNames.Entropy));
        Assert.Equal([Main], generated.Around(Main, setting => setting with { Temperature = Main.Temperature }).AsEnumerable());
    }

    [Fact]
    public void The_gain_of_the_cache_is_a_ratio_and_its_relative_errors_add_in_squares()
    {
        var without = Main with { Cached = false };
        var pair = Assert.Single(CachePair.Of(Method(
            Row(Main, GenerationMetricNames.TokensPerSecond, 800, 24), Row(Main, GenerationMetricNames.NetworkTokens, 2),
            Row(without, GenerationMetricNames.TokensPerSecond, 100, 4), Row(without, GenerationMetricNames.NetworkTokens, 20))));
        Assert.Equal((8, 8 * 0.05), (pair.SpeedUp!.Value.Value, pair.SpeedUp!.Value.StandardError!.Value), (a, b) => a.Item1 == b.Item1 && Math.Abs(a.Item2 - b.Item2) < 1e-12);
        Assert.Equal(10, pair.Predicted!.Value.Value);
    }

    [Fact]
    public void Without_its_twin_a_cached_setting_has_no_gain() =>
        Assert.Empty(CachePair.Of(Method(Row(Main, GenerationMetricNames.TokensPerSecond, 800), Row(Main with { Cached = false, Batch = 1 }, GenerationMetricNames.TokensPerSecond, 100))));

    [Fact]
    public void The_truth_is_the_first_judge_and_then_the_one_that_judged_most()
    {
        using var folder = new TemporaryFolder();
        var store = new RunStore(folder.Path);
        SyntheticGeneration.Run(store, "quick", "ar", "AR", [], [Row(Main, GenerationMetricNames.Perplexity, 5, judge: "rare"), Row(Main, GenerationMetricNames.Perplexity, 5, judge: "common")]);
        SyntheticGeneration.Run(store, "quick", "mdlm", "MDLM", [], [Row(Main, GenerationMetricNames.Perplexity, 5, judge: "common"), Row(Main, GenerationMetricNames.Perplexity, 5, judge: "truth")]);
        Assert.Equal(["truth", "common", "rare"], Judges.Of(Comparison.All(store.ReadAll()).Single()).AsEnumerable());
    }

    [Fact]
    public void A_judge_without_a_finite_number_comes_last()
    {
        var method = Method(
            Row(Main, GenerationMetricNames.Perplexity, double.PositiveInfinity, judge: "truth"), Row(Main, GenerationMetricNames.Perplexity, double.NaN, judge: "broken"),
            Row(Main, GenerationMetricNames.Perplexity, 5, judge: "ngram-6"));
        Assert.Equal(["ngram-6", "truth", "broken"], Judges.Of(new Comparison("", [method])).AsEnumerable());
    }

    [Fact]
    public void A_judge_is_compared_with_nothing_unless_there_is_nothing_else()
    {
        using var folder = new TemporaryFolder();
        var store = new RunStore(folder.Path);
        SyntheticGeneration.Run(store, "judge", "ar", "AR judge", [], []);
        Assert.Equal(["judge"], Comparison.All(store.ReadAll()).Select(comparison => comparison.Experiment));
        SyntheticGeneration.Run(store, "quick", "ar", "AR", [], []);
        Assert.Equal(["quick"], Comparison.All(store.ReadAll()).Select(comparison => comparison.Experiment));
    }
}
