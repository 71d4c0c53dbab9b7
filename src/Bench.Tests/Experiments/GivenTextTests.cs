using Bench.Data;
using Bench.Data.Tokenizers;
using Bench.Experiments.Running;
using Bench.Results;
using Xunit;

namespace Bench.Tests.Experiments;

/// <summary>Typed text as tokens of a vocabulary.</summary>
public sealed class GivenTextTests
{
    [Theory]
    [InlineData("The State of the Union", "the state of the union")]
    [InlineData("the union ", "the union ")]
    [InlineData("the union,  ", "the union ")]
    [InlineData(" the union", "the union")]
    [InlineData("1861: war", "one eight six one war")]
    [InlineData("a_b", "a b")]
    [InlineData("", "")]
    public void A_prompt_is_normalised_as_a_corpus_is_and_keeps_a_space_at_its_end(string typed, string read) =>
        Assert.Equal(read, Shown(typed, gaps: false));

    [Theory]
    [InlineData("the ____ of the union", "the ____ of the union")]
    [InlineData("The ____, Sir", "the ____ sir")]
    [InlineData("con__ess", "con__ess")]
    [InlineData("_ a", "_ a")]
    [InlineData("a _", "a _")]
    [InlineData("a, _ ,_b", "a _ _b")]
    [InlineData("___", "___")]
    public void A_gap_is_an_underscore_and_survives(string typed, string read) => Assert.Equal(read, Shown(typed, gaps: true));

    [Fact]
    public void Normalised_text_is_encoded_as_by_the_tokenizer() => Assert.Equal(
        Alphabet27.Instance.Encode("fellow citizens of the senate"),
        GivenText.Piece(Alphabet27.Instance, "fellow citizens of the senate", inside: false));

    [Fact]
    public void Numbered_symbols_have_gaps_between_spaces()
    {
        var symbols = new NumberedSymbols(new Vocabulary("symbols12", 12));
        Assert.Equal<int?>([3, 11, null, null, 0], GivenText.Tokens(symbols, "3 11 _ _ 0", gaps: true).ToArray());
        Assert.Equal<int?>([3, null, 0], GivenText.Tokens(symbols, "3_0", gaps: true).ToArray());
        Assert.Contains("'12' is no symbol", Assert.Throws<SuiteException>(() => GivenText.Tokens(symbols, "3 12", gaps: true)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Letters_outside_the_vocabulary_are_reported() =>
        Assert.Contains("'é' is not in the vocabulary",
            Assert.Throws<SuiteException>(() => GivenText.Tokens(Alphabet27.Instance, "café", gaps: false)).Message,
            StringComparison.Ordinal);

    private static string Shown(string typed, bool gaps) =>
        Alphabet27.Instance.Decode(
            [.. GivenText.Tokens(Alphabet27.Instance, typed, gaps).Select(token => token ?? Alphabet27.Instance.Vocabulary.MaskId)]);
}
