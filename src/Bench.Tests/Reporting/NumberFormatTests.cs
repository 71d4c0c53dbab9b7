using Bench.Reporting.Statistics;
using Xunit;

namespace Bench.Tests.Reporting;

public sealed class NumberFormatTests
{
    [Theory]
    [InlineData(0, "0")]
    [InlineData(27, "27")]
    [InlineData(1.5, "1.50")]
    [InlineData(999.7, "1.00k")]
    [InlineData(1728, "1.73k")]
    [InlineData(821403, "821k")]
    [InlineData(999_499, "999k")]
    [InlineData(999_500, "1.00M")]
    [InlineData(169_627_218, "170M")]
    [InlineData(2.62e11, "262G")]
    public void Counts_are_said_with_three_digits(double value, string text) => Assert.Equal(text, NumberFormat.Compact.Text(value));

    [Theory]
    [InlineData(0.26, "0.3 s")]
    [InlineData(59.4, "59 s")]
    [InlineData(59.6, "1 min 00 s")]
    [InlineData(192, "3 min 12 s")]
    [InlineData(3599.7, "1 h 00 min")]
    [InlineData(3900, "1 h 05 min")]
    [InlineData(360000, "100 h 00 min")]
    public void Times_are_said_as_people_say_them(double seconds, string text) => Assert.Equal(text, NumberFormat.Duration.Text(seconds));

    [Theory]
    [InlineData(1.005, 2, "1.00")]
    [InlineData(1.015, 2, "1.02")]
    [InlineData(-0.001, 2, "0.00")]
    [InlineData(2, 3, "2.000")]
    public void Decimals_are_rounded_as_they_are_written(double value, int decimals, string text) =>
        Assert.Equal(text, NumberFormat.Fixed(decimals).Text(value));

    [Fact]
    public void Undefined_numbers_are_named() => Assert.Equal("NaN", NumberFormat.Compact.Text(double.NaN));
}
