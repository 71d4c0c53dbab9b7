using Bench.Reporting.Statistics;
using Xunit;

namespace Bench.Tests.Reporting;

/// <summary>Student's t and Holm's adjustment, against closed forms and tables.</summary>
public sealed class PairedTestTests
{
    [Fact]
    public void Three_differences_are_tested_as_by_hand()
    {
        // Mean 2, deviation 1, t = 2√3; for two degrees of freedom P(|T| > t) = 1 − t/√(2 + t²).
        var test = PairedTest.Of([1, 2, 3])!;
        double t = 2 * Math.Sqrt(3);
        Assert.Equal(3, test.Pairs);
        Assert.Equal(2, test.Difference.Value, 1e-12);
        Assert.Equal(1 / Math.Sqrt(3), test.Difference.StandardError!.Value, 1e-12);
        Assert.Equal(1 - (t / Math.Sqrt(2 + (t * t))), test.P, 1e-9);
        Assert.Equal(2 + (4.302652730 / Math.Sqrt(3)), test.Difference.Interval!.Value.High, 1e-6);
        Assert.Equal(2 - (4.302652730 / Math.Sqrt(3)), test.Difference.Interval!.Value.Low, 1e-6);
    }

    [Fact]
    public void Two_differences_follow_the_Cauchy_distribution()
    {
        // Mean 3, deviation √2, t = 3: P(|T| > 3) = 1 − 2 atan(3)/π.
        Assert.Equal(1 - (2 * Math.Atan(3) / Math.PI), PairedTest.Of([2, 4])!.P, 1e-9);
    }

    [Theory]
    [InlineData(2, 12.7062)]
    [InlineData(3, 4.3027)]
    [InlineData(5, 2.7764)]
    [InlineData(31, 2.0423)]
    public void The_reach_is_that_of_tables(int count, double expected) => Assert.Equal(expected, PairedTest.Reach(count), 1e-4);

    [Fact]
    public void The_sign_of_a_difference_does_not_change_its_p() =>
        Assert.Equal(PairedTest.Of([0.3, 0.1, 0.7])!.P, PairedTest.Of([-0.3, -0.1, -0.7])!.P, 1e-12);

    [Fact]
    public void One_seed_and_a_number_that_is_none_are_no_test()
    {
        Assert.Null(PairedTest.Of([1]));
        Assert.Null(PairedTest.Of([]));
        Assert.Null(PairedTest.Of([1, double.PositiveInfinity]));
        Assert.Null(Seeds.Spread([1]));
    }

    [Fact]
    public void Differences_without_spread_are_none_or_certain()
    {
        Assert.Equal(1, PairedTest.Of([0, 0])!.P);
        Assert.Equal(0, PairedTest.Of([1, 1])!.P);
    }

    [Fact]
    public void Holm_multiplies_the_least_by_all_and_never_turns_the_order_round()
    {
        Assert.Equal([0.03, 0.06, 0.06], PairedTest.Holm([0.01, 0.04, 0.03]).Select(p => Math.Round(p, 12)));
        Assert.Equal([1.0, 1.0], PairedTest.Holm([0.6, 0.9]).AsEnumerable());
        Assert.Empty(PairedTest.Holm([]));
    }

    [Fact]
    public void On_a_text_that_seeds_share_the_interval_adds_the_measurement_and_Student_s_spread_in_squares()
    {
        var found = Seeds.Mean([new(2, 0.1) { Interval = new(1.7, 2.4) }, new(4, 0.1) { Interval = new(3.7, 4.4) }])!.Value;

        // Seeds at 2 and 4: variance 2, over two seeds 1.
        Assert.Equal((3, Math.Sqrt(1.01)), (found.Value, found.StandardError!.Value));
        Assert.Equal(3 - Math.Sqrt((0.3 * 0.3) + (12.7062047 * 12.7062047)), found.Interval!.Value.Low, 1e-6);
        Assert.Equal(3 + Math.Sqrt((0.4 * 0.4) + (12.7062047 * 12.7062047)), found.Interval!.Value.High, 1e-6);
    }

    [Fact]
    public void Values_that_differ_by_rounding_alone_have_no_spread()
    {
        double almost = Math.BitIncrement(2.48);
        Assert.Null(Seeds.Spread([2.48, almost, 2.48])!.Value.StandardError);
        Assert.Null(Seeds.Mean([new(2.48, null), new(almost, null)])!.Value.StandardError);
        Assert.NotNull(Seeds.Spread([2.48, 2.48 + 1e-9])!.Value.StandardError);
    }

    [Fact]
    public void The_spread_over_seeds_is_Student_s()
    {
        var spread = Seeds.Spread([2.34, 2.36])!.Value;
        Assert.Equal(2.35, spread.Value, 1e-12);
        Assert.Equal(2.35 - (12.7062047 * 0.01), spread.Interval!.Value.Low, 1e-6);
    }
}
