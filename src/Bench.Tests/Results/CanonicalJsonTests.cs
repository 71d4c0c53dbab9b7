using System.Globalization;
using System.Text.Json;
using Bench.Results;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Bench.Tests.Results;

public sealed class CanonicalJsonTests
{
    private static string Compact(string json)
    {
        using var document = JsonDocument.Parse(json);
        return CanonicalJson.Compact(document.RootElement);
    }

    [Theory]
    [InlineData("1", "1")]
    [InlineData("1.0", "1")]
    [InlineData("-0", "0")]
    [InlineData("-0.0", "0")]
    [InlineData("3e-4", "0.0003")]
    [InlineData("0.00001", "0.00001")]
    [InlineData("1e21", "1e+21")]
    [InlineData("1.5E+3", "1500")]
    [InlineData("9007199254740993", "9007199254740993")]
    public void A_number_has_one_spelling(string written, string canonical) => Assert.Equal(canonical, Compact(written));

    // RFC 8785, appendix B: bit pattern of the double, and how it is written.
    [Theory]
    [InlineData(0x0000000000000001, "5e-324")]
    [InlineData(0x7fefffffffffffff, "1.7976931348623157e+308")]
    [InlineData(0x4340000000000001, "9007199254740994")]
    [InlineData(0x444b1ae4d6e2ef4f, "999999999999999900000")]
    [InlineData(0x444b1ae4d6e2ef50, "1e+21")]
    [InlineData(0x3eb0c6f7a0b5ed8c, "9.999999999999997e-7")]
    [InlineData(0x3eb0c6f7a0b5ed8d, "0.000001")]
    [InlineData(0x41b3de4355555553, "333333333.3333332")]
    [InlineData(0x43143ff3c1cb0959, "1424953923781206.2")]
    [InlineData(0x44b52d02c7e14af5, "9.999999999999997e+22")]
    public void Numbers_follow_RFC_8785(ulong bits, string written)
    {
        double value = BitConverter.UInt64BitsToDouble(bits);
        Assert.Equal(written, Compact(value.ToString("E16", CultureInfo.InvariantCulture)));
    }

    [Fact]
    public void Every_double_reads_back_as_itself() =>
        Prop.ForAll<double>(value => !double.IsFinite(value)
                || double.Parse(Compact(JsonSerializer.Serialize(value)), CultureInfo.InvariantCulture).Equals(value + 0.0))
            .QuickCheckThrowOnFailure();

    [Fact]
    public void Keys_are_sorted_at_every_depth_and_lists_keep_their_order() =>
        Assert.Equal("""{"a":[2,1],"b":{"x":"γ","y":null}}""", Compact("""{ "b": {"y": null, "x": "\u03b3"}, "a": [2, 1] }"""));

    [Fact]
    public void A_key_that_is_there_twice_is_refused() =>
        Assert.Contains("'seed'", Assert.Throws<FormatException>(() => Compact("""{"seed":1,"seed":2}""")).Message,
            StringComparison.Ordinal);
}
