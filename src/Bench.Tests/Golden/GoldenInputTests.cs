using System.Text.Json;
using Xunit;
using Xunit.Sdk;

namespace Bench.Tests.Golden;

/// <summary>What a golden case remembers of its inputs and results.</summary>
public sealed class GoldenInputTests
{
    [Fact]
    public void An_input_that_no_check_reads_is_named_down_to_the_draw()
    {
        var golden = Case("""
            {
              "t": [0.5], "p": 1.0, "schedule": { "kind": "block", "width": 4 },
              "draws": [{ "fn": "rand", "shape": [1], "values": [0.1] }, { "fn": "rand", "shape": [1], "values": [0.2] }]
            }
            """);
        Assert.Equal(0.5, GoldenCase.Numbers(golden.Inputs.GetProperty("t")).Single());
        Assert.Equal("block", golden.Inputs.GetProperty("schedule").GetProperty("kind").GetString());
        Assert.Equal(0.1, GoldenDraw.All(golden)[0].Uniforms().Single());
        Assert.Equal(["p", "schedule.width", "draws[1].fn", "draws[1].shape", "draws[1].values"], golden.Inputs.Unread);
        Assert.Contains("without its inputs p, schedule.width", Assert.Throws<XunitException>(() => Unread.AssertNone(golden)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void The_shape_of_an_input_is_not_its_value()
    {
        var golden = Case("""{ "x": [[1, 2, 3]] }""");
        Assert.Equal(3, golden.Length("x"));
        Assert.Equal(["x"], golden.Inputs.Unread);
    }

    [Fact]
    public void A_draw_between_other_bounds_than_those_computed_with_fails()
    {
        var golden = Case("""{ "draws": [{ "fn": "randint", "shape": [1], "values": [3], "low": 0, "high": 6 }] }""");
        Assert.Equal(3, GoldenDraw.All(golden)[0].Integers(0, 6).Single());
        Assert.Throws<XunitException>(() => GoldenDraw.All(golden)[0].Integers(0, 7));
        Assert.Throws<XunitException>(() => GoldenDraw.All(golden)[0].Uniforms());
    }

    [Fact]
    public void A_result_is_compared_where_it_was_said_to_be_and_counts_as_compared()
    {
        var golden = Case("{}");
        golden.Expected.Match("x", [1, 7], where: at => at == 0);
        Assert.Throws<XunitException>(() => golden.Expected.Match("x", [1, 7]));
        Assert.Throws<XunitException>(() => golden.Expected.Match("x", [1]));
        Assert.Equal(["y"], golden.Expected.NeverCompared);
    }

    [Fact]
    public void Only_cases_in_which_the_public_code_fails_may_be_left_out() =>
        Assert.Throws<XunitException>(() => Unread.AssertMayBeSkipped(Case("{}"), "it is inconvenient"));

    private static GoldenCase Case(string inputs)
    {
        using var document = JsonDocument.Parse($$"""
            { "name": "made up", "group": "g", "function": "f", "inputs": {{inputs}}, "expected": { "x": [1, 2], "y": 0 } }
            """);
        return new("made_up", document.RootElement.Clone());
    }
}
