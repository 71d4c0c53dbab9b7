using Bench.Metrics;
using Bench.Results.Metrics;
using Bench.Statistics;
using Bench.Tests.Golden;
using Xunit;
using Close = Bench.Tests.Golden.Close;

namespace Bench.Tests.Metrics;

public sealed class DiversityTests
{
    [Fact]
    public void The_entropy_of_one_token_over_and_over_is_0() => Assert.Equal(0, SampleEntropy.Of([7, 7, 7]));

    [Theory, InlineData(1), InlineData(2), InlineData(10)]
    public void The_entropy_of_tokens_that_occur_equally_often_is_the_logarithm_of_their_number(int different) =>
        Assert.Equal(Math.Log(different), SampleEntropy.Of([.. Enumerable.Range(0, 3 * different).Select(i => i % different)]), 1e-12);

    [Fact]
    public void Entropy_knows_neither_order_nor_names() =>
        Assert.Equal(SampleEntropy.Of([1, 1, 2, 3, 3, 3]), SampleEntropy.Of([5, 9, 9, 0, 9, 0]));

    [Theory, InlineData(1), InlineData(2), InlineData(3)]
    public void Texts_without_a_common_word_are_all_distinct_and_equal_words_hardly(int n)
    {
        Assert.Equal(1, Distinct.Of(Texts.Words("a b c d", "e f g h i"), n).Value);
        Assert.Equal(1.0 / (2 * (5 - n)), Distinct.Of(Texts.Words("a a a a", "a a a a"), n).Value, 1e-12);
    }

    [Theory, InlineData(1), InlineData(2)]
    public void The_error_of_distinctness_is_the_jackknife_of_measuring_anew(int n) => HoldsForTheJackknife(grams => Distinct.Of(grams, n));

    [Fact]
    public void Repetition_is_what_occurred_in_the_text_before()
    {
        var texts = Texts.Words("a b c d a b c d", "a b c d e", "x x x x x x x x", "a b c");
        Close.Assert([0.2, 0, 0.8, double.NaN], [.. Enumerable.Range(0, 4).Select(text => Repetition.Of(texts, text, 4))], 1e-12);
    }

    [Fact]
    public void Self_BLEU_of_equal_texts_is_1_however_short()
    {
        Assert.Equal(1, SelfBleu.Of(Texts.Words("a b c d e f", "a b c d e f", "a b c d e f")).Value, 1e-12);
        Assert.Equal(1, SelfBleu.Of(Texts.Words("a", "a")).Value, 1e-12);
    }

    [Fact]
    public void Self_BLEU_of_texts_without_a_common_word_is_0() =>
        Assert.Equal(0, SelfBleu.Of(Texts.Words("a b c d e", "f g h i j", "k l")).Value);

    [Fact]
    public void Self_BLEU_is_the_geometric_mean_of_the_shares_that_match() =>
        Assert.Equal(Math.Pow(4 / 5.0 * (3 / 4.0) * (2 / 3.0) * (1 / 2.0), 0.25), SelfBleu.Of(Texts.Words("a b c d e", "a b c d f")).Value,
            1e-12);

    [Fact]
    public void Self_BLEU_counts_a_match_as_often_as_the_other_text_has_it_and_punishes_short_texts()
    {
        double repeated = Math.Pow(1 / 4.0 * (0.1 / 3) * (0.1 / 2) * (0.1 / 1), 0.25);
        double brief = Math.Exp(1 - (4 / 2.0)) * Math.Sqrt(1 / 2.0 * 0.1);
        Assert.Equal((repeated + brief) / 2, SelfBleu.Of(Texts.Words("a a a a", "a b")).Value, 1e-12);
    }

    [Fact]
    public void Self_BLEU_takes_each_match_from_the_text_that_has_most_of_it()
    {
        // Against "a a" and "b b" together every word of "a a b b" matches, and two of its three pairs do.
        double both = Math.Exp(1 - 1.0) * Math.Pow(1 * (2 / 3.0) * (0.1 / 2) * (0.1 / 1), 0.25);
        double half = Math.Exp(1 - 1.0); // "a a" lies whole in "a a b b"; nearest in length is "b b"
        Assert.Equal(((both * 1) + half + half) / 3, SelfBleu.Of(Texts.Words("a a b b", "a a", "b b")).Value, 1e-12);
    }

    [Fact]
    public void The_error_of_self_BLEU_is_the_jackknife_of_measuring_anew() => HoldsForTheJackknife(SelfBleu.Of);

    [Fact]
    public void Where_there_is_nothing_to_compare_there_is_no_number()
    {
        Assert.Equal(double.NaN, SelfBleu.Of(Texts.Words("a b c", "", " ")).Value);
        Assert.Equal(double.NaN, Distinct.Of(Texts.Words("a", ""), 2).Value);
        Assert.Equal(double.NaN, Distinct.Of(Texts.Words(), 1).Value);
        Assert.Empty(SelfBleu.Of(Texts.Words("a b c", "a b d")).Without);
    }

    [Fact]
    public void Known_words_are_those_of_the_vocabulary() =>
        Assert.Equal((2, 3), KnownWords.Of(["the", "cta", "cat"], new HashSet<string> { "the", "cat" }));

    private static void HoldsForTheJackknife(Func<WordGrams, TextStatistic.OfAll> measure)
    {
        string[] texts = ["a b c d e f g", "a b c x y", "c d e f", "a b c d e f h i", "z a b", "c d e f c d e f", "x y z"];
        double[] without =
            [.. Enumerable.Range(0, texts.Length).Select(gone => measure(Texts.Words([.. texts.Where((_, text) => text != gone)])).Value)];
        var (expected, found) = (Jackknife.Of(double.NaN, without), measure(Texts.Words(texts)));
        double error = Jackknife.Of(found.Value, [.. found.Without]).StandardError!.Value;
        Assert.InRange(error, 1e-3, 1);
        Close.Assert(expected.StandardError!.Value, error, 1e-12);
        Assert.Equal(texts.Length, found.Count);
    }
}
