using Bench.Scoring;
using Bench.Tests.Metrics;
using Xunit;

namespace Bench.Tests.Scoring;

public sealed class CountedTokensTests
{
    private const int End = 9;

    [Fact]
    public void By_default_every_token_counts() => Assert.Equal("abcd", Counted(CountedTokens.All, 1, End, 2, End));

    [Fact]
    public void The_first_token_has_nothing_before_it() => Assert.Equal("bcd", Counted(CountedTokens.AfterFirst, 1, End, 2, End));

    [Fact]
    public void An_end_of_text_counts_once() => Assert.Equal("bce", Counted(CountedTokens.ThroughFirstEnd(End), 1, 2, End, End, 3));

    [Fact]
    public void An_end_of_text_that_stands_first_was_the_only_one_to_count() =>
        Assert.Equal("b", Counted(CountedTokens.ThroughFirstEnd(End), End, 2, End));

    [Fact]
    public void No_end_of_text_counts() => Assert.Equal("be", Counted(CountedTokens.WithoutEnds(End), 1, 2, End, End, 3));

    // Token i costs 2^i nats: the sum shows which ones were counted.
    private static string Counted(CountedTokens counted, params int[] tokens)
    {
        var sum = counted.Sum(Texts.Of(tokens), [.. tokens.Select((_, i) => Math.Pow(2, i))]);
        string letters =
            string.Concat(Enumerable.Range(0, tokens.Length).Where(i => ((int)sum.Nats >> i & 1) == 1).Select(i => (char)('a' + i)));
        Assert.Equal(letters.Length, sum.Tokens);
        return letters;
    }
}
