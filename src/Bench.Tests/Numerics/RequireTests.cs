using Bench.Numerics;
using Xunit;

namespace Bench.Tests.Numerics;

public sealed class RequireTests
{
    [Fact]
    public void A_value_that_passes_is_returned()
    {
        Assert.Equal(0.5, Require.UnitInterval(0.5));
        Assert.Equal(3, Require.Positive(3));
        Assert.Equal(0L, Require.NonNegative(0L));
        Assert.Equal(26, Require.Index(26, 27));
        Assert.Equal(0.0, Require.PartOfUnity(0));
        Assert.Equal(2, Require.AtLeast(2, 2));
        Assert.Equal("x", Require.NotBlank("x"));
    }

    [Fact]
    public void The_message_names_the_value_its_number_and_the_reason()
    {
        double gamma = 1.4;
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => Require.UnitInterval(gamma));

        Assert.Equal("gamma", error.ParamName);
        Assert.StartsWith("gamma is 1.4, but it lies in [0, 1]", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Not_a_number_and_infinity_pass_no_guard()
    {
        foreach (double x in new[] { double.NaN, double.PositiveInfinity, double.NegativeInfinity })
        {
            Assert.Throws<ArgumentOutOfRangeException>(() => Require.UnitInterval(x));
            Assert.Throws<ArgumentOutOfRangeException>(() => Require.OpenUnitInterval(x));
            Assert.Throws<ArgumentOutOfRangeException>(() => Require.Positive(x));
            Assert.Throws<ArgumentOutOfRangeException>(() => Require.NonNegative(x));
            Assert.Throws<ArgumentOutOfRangeException>(() => Require.Finite(x));
            Assert.Throws<ArgumentOutOfRangeException>(() => Require.Within(x, 0, 1));
            Assert.Throws<ArgumentOutOfRangeException>(() => Require.PartOfUnity(x));
            Assert.Throws<ArgumentOutOfRangeException>(() => Require.AtLeast(x, 0));
        }
    }

    [Fact]
    public void Ends_are_in_or_out_as_the_name_says()
    {
        Assert.Equal(0, Require.UnitInterval(0));
        Assert.Equal(1, Require.UnitInterval(1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Require.OpenUnitInterval(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => Require.OpenUnitInterval(1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Require.Positive(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => Require.PartOfUnity(1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Require.AtLeast(1, 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => Require.Index(27, 27));
        Assert.Throws<ArgumentOutOfRangeException>(() => Require.Length(3, 4));
        Assert.Throws<ArgumentException>(() => Require.NotBlank(" "));
    }
}
