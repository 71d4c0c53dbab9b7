using Bench.Data.Tokenizers;
using Bench.Numerics;
using Xunit;

namespace Bench.Tests.Data;

public sealed class Alphabet27Tests
{
    private static readonly Alphabet27 Tokenizer = Alphabet27.Instance;

    [Theory]
    [InlineData("", "")]
    [InlineData(" \r\n\t--", "")]
    [InlineData("Hello, World!", "hello world")]
    [InlineData("  ends   are trimmed\n", "ends are trimmed")]
    [InlineData("1990", "one nine nine zero")]
    [InlineData("in 1945, B52s", "in one nine four five b five two s")]
    [InlineData("x7", "x seven")]
    [InlineData("café – naïve", "caf na ve")]
    [InlineData("Œuvre \U0001F600 \uD800 z\u0131\u017F\u212A", "uvre z")] // letters that only fold to ASCII under some case rule are none
    [InlineData("[MASK]_{|}~@`^", "mask")]
    [InlineData("٣3", "three")]
    public void Text_is_normalised_by_the_rule(string text, string expected) =>
        Assert.Equal(expected, Tokenizer.Decode(Tokenizer.Encode(text)));

    [Fact]
    public void Space_is_0_and_the_letters_follow() =>
        Assert.Equal([1, 2, 26, 0, 1], Tokenizer.Encode("AbZ a"));

    [Fact]
    public void The_mask_is_not_a_token_of_text_and_is_shown_as_its_own_symbol()
    {
        Assert.Equal((27, 27, 28), (Tokenizer.Vocabulary.TokenCount, Tokenizer.Vocabulary.MaskId, Tokenizer.Vocabulary.Size));
        Assert.Equal("a_b", Tokenizer.Decode([1, 27, 2]));
        Assert.Throws<ArgumentOutOfRangeException>(() => Tokenizer.Decode([28]));
        Assert.Throws<ArgumentOutOfRangeException>(() => Tokenizer.Decode([-1]));
    }

    [Fact]
    public void Normalising_any_UTF16_text_twice_is_normalising_it_once_and_leaves_single_inner_spaces()
    {
        var random = RandomStream.Root(1).Split("texts");
        for (int example = 0; example < 300; example++)
        {
            var text = new char[random.Below(60, example, 0)];
            for (int i = 0; i < text.Length; i++)
                text[i] = (char)random.Below((i & 1) == 0 ? 128 : 0x10000, example, i + 1);
            string once = Tokenizer.Decode(Tokenizer.Encode(new string(text)));

            Assert.Equal(once, Tokenizer.Decode(Tokenizer.Encode(once)));
            Assert.Equal(once.Trim(), once);
            Assert.DoesNotContain("  ", once, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_streamed_text_is_the_text_whatever_the_pieces()
    {
        string text = string.Concat(Enumerable.Range(0, 40_000).Select(i => $" {i}, and\n"));
        var streamed = new List<int>();
        ((ITokenizer)Tokenizer).Encode(new StringReader(text), tokens => streamed.AddRange(tokens));

        Assert.Equal(Tokenizer.Encode(text), streamed);
    }
}
