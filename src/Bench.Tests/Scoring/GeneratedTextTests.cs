using Bench.Data.Tokenizers;
using Bench.Results.Metrics;
using Bench.Scoring;
using Bench.Tests.Metrics;
using Xunit;

namespace Bench.Tests.Scoring;

public sealed class GeneratedTextTests
{
    [Theory]
    [InlineData("he cat sat on th", "cat sat on")]
    [InlineData(" the cat ", "the cat")]
    [InlineData("the cat ", "cat")]
    [InlineData("cat", "")]
    [InlineData("the cat", "")]
    [InlineData("  ", "")]
    [InlineData("", "")]
    public void Words_at_an_end_may_be_cut_and_are_not_surely_whole(string text, string whole) =>
        Assert.Equal(whole, string.Join(' ', Texts.Of(text).WholeWords.ToArray()));

    [Fact]
    public void A_symbol_of_an_artificial_source_is_one_character_however_it_is_written() =>
        Assert.Equal(("3 0 12", 3), (Numbered(3, 0, 12).Text, Numbered(3, 0, 12).Characters));

    [Fact]
    public void A_remaining_mask_is_not_a_token_of_text()
    {
        Assert.True(Numbered(3, 15).IsMadeOf(16));
        Assert.False(Numbered(3, 16).IsMadeOf(16));
    }

    private static GeneratedText Numbered(params int[] tokens) => GeneratedText.Of(tokens, new NumberedSymbols(new("symbols", 16)));
}
