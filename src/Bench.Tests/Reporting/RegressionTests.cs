using Bench.Reporting.Comparisons;
using Bench.Reporting.Regression;
using Bench.Results;
using Bench.Tests.Data;
using Xunit;

namespace Bench.Tests.Reporting;

public sealed class RegressionTests
{
    private static readonly GuardedMetric Mdlm = new("mdlm", MetricNames.Likelihood, Splits.Test, Units.BitsPerCharacter, 1.30, 0.01, 3);

    [Theory]
    [InlineData(1.30, Verdict.Same), InlineData(1.3449, Verdict.Same), InlineData(1.2551, Verdict.Same)]
    [InlineData(1.3451, Verdict.Worse), InlineData(1.2549, Verdict.Better), InlineData(double.NaN, Verdict.Worse), InlineData(double.PositiveInfinity, Verdict.Worse)]
    public void Four_deviations_between_seeds_and_rounding_decide(double fresh, Verdict verdict)
    {
        var check = RegressionCheck.Of([Mdlm], [Mdlm with { Value = fresh, Seeds = 1 }]);
        Assert.Equal(verdict, check.Rows.Single().Verdict);
        Assert.Equal(verdict == Verdict.Worse, check.Failed);
    }

    [Fact]
    public void What_draws_nothing_may_not_move_at_all()
    {
        var counted = Mdlm with { Method = "ngram-1", Spread = 0 };
        Assert.False(RegressionCheck.Of([counted], [counted with { Value = counted.Value + 1e-9 }]).Failed);
        Assert.True(RegressionCheck.Of([counted], [counted with { Value = counted.Value + 1e-4 }]).Failed);
    }

    [Fact]
    public void A_metric_that_is_gone_fails_and_a_new_one_does_not()
    {
        Assert.True(RegressionCheck.Of([Mdlm], []).Failed);
        var added = RegressionCheck.Of([], [Mdlm]);
        Assert.Equal((Verdict.Unguarded, false), (added.Rows.Single().Verdict, added.Failed));
    }

    [Fact]
    public void The_spread_between_seeds_is_measured_from_results_and_survives_the_file()
    {
        using var folder = new TemporaryFolder();
        SyntheticResults.Write(folder.Path);
        var guarded = GuardedMetric.Of(Comparison.All(new RunStore(folder.Path).ReadAll())[0]);
        var ar = guarded.Single(metric => metric is { Method: "ar", Split: Splits.Test });
        Assert.Equal((2.35, Math.Sqrt(0.0002)), (ar.Value, ar.Spread), (a, b) => Math.Abs(a.Item1 - b.Item1) < 1e-12 && Math.Abs(a.Item2 - b.Item2) < 1e-12);
        Assert.Equal(2, ar.Seeds);
        string file = folder["guarded.csv"];
        GuardedMetric.Write(file, guarded);
        Assert.Equal(guarded.AsEnumerable(), GuardedMetric.Read(file));
    }
}
