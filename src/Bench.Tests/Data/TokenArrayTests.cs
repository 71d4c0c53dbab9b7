using Bench.Data;
using Bench.Data.Tokens;
using Xunit;

namespace Bench.Tests.Data;

public sealed class TokenArrayTests
{
    private static readonly Vocabulary Vocabulary = new("three", 3);

    [Theory, InlineData(-1), InlineData(3), InlineData(4)]
    public void A_token_outside_the_vocabulary_is_refused_with_its_place(int token)
    {
        var refused = Assert.Throws<ArgumentOutOfRangeException>(() => new TokenArray(Vocabulary, [0, 2, token]));
        Assert.Contains($"tokens[2] is {token}", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Null_is_refused()
    {
        Assert.Throws<ArgumentNullException>(() => new TokenArray(null!, []));
        Assert.Throws<ArgumentNullException>(() => new TokenArray(Vocabulary, null!));
    }

    [Theory, InlineData(-1, 1), InlineData(2, 2), InlineData(4, 0), InlineData(0, 4), InlineData(1L << 32, 1)]
    public void Tokens_beyond_the_ends_are_refused(long start, int count)
    {
        var tokens = new TokenArray(Vocabulary, [0, 1, 2]);
        foreach (var copy in new Action[] { () => tokens.CopyTo(start, new int[count]), () => tokens.CopyTo(start, new long[count]) })
            Assert.Contains("of 3 tokens", Assert.Throws<ArgumentOutOfRangeException>(copy).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Tokens_within_the_ends_are_copied()
    {
        var tokens = new TokenArray(Vocabulary, [0, 1, 2]);
        var (narrow, wide) = (new int[2], new long[2]);
        tokens.CopyTo(1, narrow);
        tokens.CopyTo(1, wide);
        Assert.Equal([1, 2], narrow);
        Assert.Equal([1L, 2], wide);
        tokens.CopyTo(3, Array.Empty<int>());
    }
}
