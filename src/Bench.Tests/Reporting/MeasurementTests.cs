using System.Globalization;
using Bench.Reporting.Statistics;
using Bench.Reporting.Tables;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Bench.Tests.Reporting;

public sealed class MeasurementTests
{
    // The examples of the Particle Data Group: 0.827 ± 0.119, 0.367, 0.964 become ± 0.12, 0.4, 1.0.
    [Theory]
    [InlineData(0.827, 0.119, "0.83 ± 0.12")]
    [InlineData(0.827, 0.367, "0.8 ± 0.4")]
    [InlineData(0.827, 0.964, "0.8 ± 1.0")]
    [InlineData(2.41345, 0.00912, "2.413 ± 0.009")]
    [InlineData(2.9129, 0.0149, "2.913 ± 0.015")]
    [InlineData(2.9, 0.0097, "2.900 ± 0.010")]
    [InlineData(12345, 678, "12300 ± 700")]
    [InlineData(12345, 120, "12340 ± 120")]
    [InlineData(-0.0004, 0.1, "0.00 ± 0.10")]
    [InlineData(3, 0.0, "3.00")]
    [InlineData(3, double.NaN, "3.00")]
    [InlineData(double.PositiveInfinity, 0.1, "∞")]
    public void A_number_ends_where_its_error_begins(double value, double error, string text) =>
        Assert.Equal(text, new Measurement(value, error).Text(NumberFormat.Fixed(2)));

    [Fact]
    public void A_bound_says_so() =>
        Assert.Equal("≤ 2.91 ± 0.10", new Measurement(2.91, 0.1, IsUpperBound: true).Text(NumberFormat.Fixed(2)));

    [Theory]
    [InlineData(7.4278, 7.31, 7.55, "7.43 [7.31, 7.55]")]
    [InlineData(741.9, 690, 812, "742 [690, 812]")]
    [InlineData(7.4278, 7.31, double.PositiveInfinity, "7.43 [7.31, ∞]")]
    [InlineData(7.4278, 7.4278, 7.4278, "7.43")]
    [InlineData(double.PositiveInfinity, 7, double.PositiveInfinity, "∞")]
    public void An_interval_stands_in_place_of_an_error_and_has_the_digits_that_it_supports(double value, double low, double high,
        string text) => Assert.Equal(
        text,
        new Cell.Number(new Measurement(value) { Interval = new(low, high) }).Text(
            new Column("x", "X") { Interval = IntervalUse.Shown, Format = NumberFormat.Fixed(2) }));

    [Fact]
    public void Where_there_is_no_error_an_interval_is_shown_and_where_there_is_one_it_is_for_data_files()
    {
        var column = new Column("x", "X") { Interval = IntervalUse.InData };
        Assert.Equal("0.850 [0.800, 0.910]", new Cell.Number(new Measurement(0.85) { Interval = new(0.80, 0.91) }).Text(column));
        Assert.Equal("0.850 ± 0.030", new Cell.Number(new Measurement(0.85, 0.03) { Interval = new(0.80, 0.91) }).Text(column));
    }

    private static Gen<double> Between(double low, double high) =>
        Gen.Choose(0, 1_000_000).Select(i => low * Math.Pow(high / low, i / 1_000_000.0));

    private static readonly Gen<(double Value, double Error)> Numbers =
        from value in Between(1e-3, 1e6)
        from relative in Between(1e-6, 10)
        select (value, value * relative);

    private static double Read(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    private static int Decimals(string text) =>
        text.Contains('.', StringComparison.Ordinal) ? text.Length - text.IndexOf('.', StringComparison.Ordinal) - 1 : 0;

    [Fact]
    public void Value_and_error_have_the_same_number_of_digits_after_the_point() =>
        Prop.ForAll(Numbers.ToArbitrary(), number =>
        {
            var (value, error) = new Measurement(number.Value, number.Error).Round(NumberFormat.Fixed(3));
            return Decimals(value) == Decimals(error!);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Rounding_moves_the_value_by_less_than_half_its_error_and_the_error_by_less_than_a_seventh() =>
        Prop.ForAll(Numbers.ToArbitrary(), number =>
        {
            // The coarsest place is one digit of an error of 355: 0.5/3.55 of the error.
            var (value, error) = new Measurement(number.Value, number.Error).Round(NumberFormat.Fixed(3));
            double half = 0.5 / 3.55 * number.Error * (1 + 1e-9);
            return Math.Abs(Read(value) - number.Value) <= half && Math.Abs(Read(error!) - number.Error) <= half;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void An_error_is_printed_with_one_or_two_significant_digits() =>
        Prop.ForAll(Numbers.ToArbitrary(), number =>
        {
            string error = new Measurement(number.Value, number.Error).Round(NumberFormat.Fixed(3)).Error!;
            string digits = error.Replace(".", "", StringComparison.Ordinal).TrimStart('0');
            return (Decimals(error) > 0 ? digits : digits.TrimEnd('0')).Length is 1 or 2;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_larger_error_never_gets_more_digits() =>
        Prop.ForAll(Numbers.ToArbitrary(), Between(1, 100).ToArbitrary(), (number, factor) =>
        {
            string small = new Measurement(number.Value, number.Error).Round(NumberFormat.Fixed(3)).Error!;
            string large = new Measurement(number.Value, number.Error * factor).Round(NumberFormat.Fixed(3)).Error!;
            return Decimals(large) <= Decimals(small);
        }).QuickCheckThrowOnFailure();
}
