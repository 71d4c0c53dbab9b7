using Bench.Reporting.Figures.Drawing;
using Bench.Reporting.Figures.Frontiers;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Bench.Tests.Reporting;

public sealed class TicksTests
{
    private static readonly Arbitrary<(double Low, double High, bool IsLogarithmic)> Axes =
        (from low in Gen.Choose(-3000, 5000).Select(i => Math.Pow(10, i / 1000.0))
         from ratio in Gen.Choose(20, 6000).Select(i => Math.Pow(10, i / 1000.0))
         from isLogarithmic in Gen.Elements(true, false)
         select (low, low * ratio, isLogarithmic)).ToArbitrary();

    [Fact]
    public void Every_axis_has_a_few_ticks_in_order_and_none_beyond_its_ends() =>
        Prop.ForAll(Axes, axis =>
        {
            double[] ticks = Ticks.Of(axis.Low, axis.High, axis.IsLogarithmic);
            return ticks.Length is >= 2 and <= 8 && ticks.SequenceEqual(ticks.Distinct().Order())
                && ticks.All(tick => tick >= axis.Low * 0.999999 && tick <= axis.High * 1.000001);
        }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(5.0, 40.0, true, new[] { 5.0, 10, 20 })]
    [InlineData(2.0, 40.0, true, new[] { 2.0, 5, 10, 20 })]
    [InlineData(1.0, 10_000.0, true, new[] { 1.0, 10, 100, 1000, 10_000 })]
    [InlineData(2.0, 3.1, false, new[] { 2.0, 2.2, 2.4, 2.6, 2.8, 3.0 })]
    public void Ticks_are_round(double low, double high, bool isLogarithmic, double[] expected)
    {
        double[] ticks = Ticks.Of(low, high, isLogarithmic);
        Assert.Superset(expected.ToHashSet(), ticks.ToHashSet());
    }

    [Fact]
    public void Few_values_that_stand_apart_are_ticks_themselves()
    {
        var axis = new Axis("calls", IsLogarithmic: true);
        Assert.Equal([16.0, 32, 64, 128], Ticks.At([128, 16, 64, 32, 64], axis, 14, 140));
        Assert.NotEqual([60.0, 64, 128], Ticks.At([60, 64, 128], axis, 50, 140));
    }
}
