using Bench.Results;
using Xunit;

namespace Bench.Tests.Results;

public sealed class SpellingTests
{
    private static readonly string[] Known = ["reproduce", "report", "run", "plan"];

    [Theory]
    [InlineData("reprodce", "reproduce")]
    [InlineData("reproduec", "reproduce")]
    [InlineData("rnu", "run")]
    [InlineData("plans", "plan")]
    public void A_word_with_few_errors_is_recognised(string written, string meant) =>
        Assert.Equal($"Did you mean '{meant}'? Known commands: reproduce, report, run, plan.", Spelling.Advice(written, Known, "commands"));

    [Theory]
    [InlineData("x")]
    [InlineData("evaluate")]
    [InlineData("ran away")]
    public void A_word_of_another_kind_is_not(string written) =>
        Assert.StartsWith("Known commands", Spelling.Advice(written, Known, "commands"), StringComparison.Ordinal);
}
