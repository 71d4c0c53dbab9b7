using Bench.Numerics;
using Bench.Reporting.Regression;
using Bench.Results;
using Bench.Results.Metrics;
using MathNet.Numerics.Distributions;
using Xunit;

namespace Bench.Tests.Reporting.Regression;

/// <summary>Tolerances of guarded metrics, and messages beyond them.</summary>
public sealed class ToleranceTests
{
    private static readonly GuardedMetric Mdlm = new(
        "mdlm", LikelihoodMetrics.Likelihood.Name, Splits.Test, Units.BitsPerCharacter, Direction.Less, 1.30, 0.01, 6);

    // Student's t: 3.365 at 0.99 with five degrees of freedom, 4.032 at 0.995 (any table).
    [Theory]
    [InlineData(Direction.Less, 1, 3.365), InlineData(Direction.More, 1, 3.365), InlineData(Direction.Same, 1, 4.032),
        InlineData(Direction.Less, 3, 3.365)]
    public void The_tolerance_is_the_prediction_interval_of_Students_t(Direction better, int seeds, double quantile) =>
        Assert.Equal(quantile * 0.01 * Math.Sqrt((1.0 / 6) + (1.0 / seeds)),
            new Tolerance(0.01, Random: 1).Allowed(Mdlm with { Better = better }, seeds), 4);

    // Seeds of one distribution before and now, so every alarm is false. 2000 checks of 20 metrics: the share of failed checks has a
    // standard deviation below 0.005 here.
    [Theory, InlineData(0.05, 1), InlineData(0.05, 3)]
    public void Sound_code_fails_no_more_often_than_is_said(double falseAlarms, int seeds)
    {
        const int Checks = 2000, Metrics = 20, Before = 5;
        var draws = Bench.Numerics.RandomStream.Root(1);
        var tolerance = new Tolerance(falseAlarms, Metrics);
        int alarms = 0;
        for (int check = 0; check < Checks; check++)
        {
            bool failed = false;
            for (int metric = 0; metric < Metrics; metric++)
            {
                double[] all =
                    [.. Enumerable.Range(0, Before + seeds).Select(i => Normal.InvCDF(0, 1, draws.Uniform((check * Metrics) + metric, i)))];
                double mean = all[..Before].Average(), spread = Math.Sqrt(all[..Before].Sum(x => (x - mean) * (x - mean)) / (Before - 1));
                var better = (Direction)(metric % 3);
                var guarded = Mdlm with { Better = better, Value = mean, Spread = spread, Seeds = Before };
                failed |= MetricComparison.Of(guarded, guarded with { Value = all[Before..].Average(), Seeds = seeds }, tolerance).Fails;
            }

            alarms += failed ? 1 : 0;
        }

        Assert.InRange((double)alarms / Checks, falseAlarms / 2, falseAlarms + 0.015);
    }

    [Fact]
    public void Nineteen_of_twenty_changes_of_the_size_that_is_named_are_found()
    {
        const int Checks = 2000, Before = 6;
        var draws = Bench.Numerics.RandomStream.Root(2);
        var tolerance = new Tolerance(0.01, Random: 10);
        int found = 0;
        for (int check = 0; check < Checks; check++)
        {
            double[] all = [.. Enumerable.Range(0, Before + 1).Select(i => Normal.InvCDF(0, 1, draws.Uniform(check, i)))];
            double mean = all[..Before].Average(), spread = Math.Sqrt(all[..Before].Sum(x => (x - mean) * (x - mean)) / (Before - 1));
            var guarded = Mdlm with { Value = mean, Spread = spread, Seeds = Before };
            found += MetricComparison.Of(guarded, guarded with { Value = all[Before] + tolerance.Found(guarded, 1), Seeds = 1 },
                tolerance).Fails ? 1 : 0;
        }

        Assert.InRange((double)found / Checks, 0.935, 0.965); // three standard deviations of the draws
    }

    [Theory]
    [InlineData(Direction.Less, 2.0, Verdict.Worse), InlineData(Direction.Less, 0.5, Verdict.Better),
        InlineData(Direction.Less, 1.301, Verdict.Same)]
    [InlineData(Direction.More, 2.0, Verdict.Better), InlineData(Direction.More, 0.5, Verdict.Worse),
        InlineData(Direction.More, 1.299, Verdict.Same)]
    [InlineData(Direction.Same, 2.0, Verdict.Changed), InlineData(Direction.Same, 0.5, Verdict.Changed),
        InlineData(Direction.Same, 1.299, Verdict.Same)]
    [InlineData(Direction.Less, double.NaN, Verdict.Worse), InlineData(Direction.More, double.PositiveInfinity, Verdict.Worse),
        InlineData(Direction.Less, double.NegativeInfinity, Verdict.Worse)]
    [InlineData(Direction.Same, double.NaN, Verdict.Changed)]
    public void The_direction_decides_what_a_move_means(Direction better, double fresh, Verdict verdict)
    {
        var row = Compared(Mdlm with { Better = better }, fresh);
        Assert.Equal(verdict, row.Verdict);
        Assert.Equal(verdict is Verdict.Worse or Verdict.Changed, row.Fails);
    }

    [Fact]
    public void Deterministic_metrics_have_no_tolerance()
    {
        var calls = Mdlm with { Metric = "network-calls", Unit = "", Better = Direction.Same, Value = 32, Spread = 0 };
        Assert.Equal(Verdict.Same, Compared(calls, 32).Verdict);
        Assert.Equal("mdlm: network-calls (test) has changed: 33 instead of 32, 1 more, though it has no random draws.",
            Compared(calls, 33).Sentence);
        var counted = Mdlm with { Method = "ngram-1", Spread = 0 };
        Assert.Equal(Verdict.Same, Compared(counted, counted.Value + 1e-12).Verdict); // a sum in another order
        Assert.Equal(Verdict.Worse, Compared(counted, counted.Value + 1e-6).Verdict);
    }

    [Fact]
    public void Draws_that_agree_are_draws_still()
    {
        var words = Mdlm with { Metric = KnownWords.Metric.Name, Where = "", Unit = "", Better = Direction.More, Value = 1, Spread = 0 };
        Assert.False(words.IsExact);
        Assert.Equal(Verdict.Same, Compared(words, 0.999).Verdict);
        Assert.Equal(Verdict.Worse, Compared(words, 0.9).Verdict);
    }

    [Fact]
    public void A_sentence_says_which_metric_moved_by_how_much_and_how_much_is_allowed() => Assert.Equal(
        "mdlm: likelihood (test) is worse: 1.4500 bits/char instead of 1.3000, 0.1500 more or 15.0 spreads between seeds, and chance "
            + "explains 0.0363.", Compared(Mdlm, 1.45).Sentence);

    private static MetricComparison Compared(GuardedMetric guarded, double fresh) =>
        MetricComparison.Of(guarded, guarded with { Value = fresh, Seeds = 1 }, new Tolerance(0.01, Random: 1));
}
