using Bench.Data.Tokenizers;
using Bench.Numerics;
using Bench.Results;
using Xunit;

namespace Bench.Tests.Data;

public sealed class BytePairTests
{
    private const string Texts = "It's  the dog's\n\n 3rd ä — they'LL've ’tis 12½ ! \t x\r\n";

    [Fact]
    public void Bytes_come_first_merges_follow_and_the_end_mark_is_last()
    {
        var tokenizer = Of("#version: 0.2", "l l", "h e", "he ll", "Ġ hell");
        Assert.Equal(261, tokenizer.Vocabulary.TokenCount);
        Assert.Equal(260, tokenizer.Separator);
        // 33 and 126 are the first and the 94th printable byte
        Assert.Equal([0, 93, 220, 188], tokenizer.Encode("!~ ").Concat(tokenizer.Encode("\0")));
        Assert.Equal([258, 78, 259, 77], tokenizer.Encode("hello helln"));
        Assert.Equal("hello<|endoftext|>\uFFFD", tokenizer.Decode([258, 78, 260, 261]));
    }

    [Fact]
    public void An_earlier_merge_goes_before_a_later_one_and_left_before_right()
    {
        Assert.Equal([64, 256], Of("b c", "a b").Encode("abc"));
        Assert.Equal([257, 66], Of("x y", "a b").Encode("abc"));
        Assert.Equal([256, 64], Of("a a").Encode("aaa"));
    }

    [Fact]
    public void Merging_is_its_definition_written_out()
    {
        var random = RandomStream.Root(11);
        for (int example = 0; example < 30; example++)
        {
            var merges = Trained(RandomText(random.Split("merges"), example, "abc ", length: 300).Split(' '));
            var tokenizer = Of([.. merges.Select(pair => $"{pair.Left} {pair.Right}")]);
            string word = RandomText(random.Split("text"), example, "abc", length: 60);
            var expected = Defined(word, merges);
            Assert.Equal(expected, tokenizer.Encode(word).Select(token => tokenizer.Decode([token])));
        }
    }

    [Fact]
    public void Characters_of_parts_add_up_even_where_a_token_ends_inside_of_one()
    {
        ITokenizer tokenizer = TinyMerges.Tokenizer;
        const string Text = "the é — 𝒜 and ä"; // one to four bytes
        int[] tokens = tokenizer.Encode(Text);
        Assert.Equal(Text.EnumerateRunes().Count(), tokenizer.Characters(tokens));
        for (int at = 0; at <= tokens.Length; at++)
            Assert.Equal(tokenizer.Characters(tokens),
                tokenizer.Characters(tokens.AsSpan(0, at)) + tokenizer.Characters(tokens.AsSpan(at)));
    }

    [Theory, InlineData(Texts), InlineData("the"), InlineData(" \n")]
    public void A_text_read_piece_by_piece_gives_the_tokens_of_the_whole(string part)
    {
        var tokenizer = Of("t h", "th e", "Ġ the", "Ċ Ċ", "Ġ Ġ");
        string text = string.Concat(Enumerable.Repeat(part, 70_001 / part.Length));
        var tokens = new List<int>();
        tokenizer.Encode(new StringReader(text), found => tokens.AddRange(found));
        Assert.Equal(tokenizer.Encode(text), tokens);
    }

    [Fact]
    public void Tokenizers_that_differ_in_one_token_differ_in_name_and_the_version_line_is_none() =>
        Assert.Equal([true, false], new[] { Of("#version: 0.2", "a b"), Of("a c") }.Select(other => other.Name == Of("a b").Name));

    [Theory]
    [InlineData("a b\na bc", "merges:2: 'a bc' does not name two symbols")]
    [InlineData("a b c", "merges:1: 'a b c' does not name")]
    [InlineData("a b\nab c\nb c\na bc", "merges:4: 'a bc' makes a symbol that an earlier line makes")]
    [InlineData("a б", "merges:1:")]
    public void A_wrong_line_is_named(string text, string expected)
    {
        var error = Assert.Throws<SuiteException>(() => BytePairMerges.Read(new StringReader(text), "merges"));
        Assert.StartsWith(expected, error.Message, StringComparison.Ordinal);
    }

    private static BytePairTokenizer Of(params string[] lines) =>
        new(BytePairMerges.Read(new StringReader(string.Join('\n', lines)), "merges"));

    private static string RandomText(RandomStream random, long example, string signs, int length) =>
        string.Concat(Enumerable.Range(0, length).Select(i => signs[random.Below(signs.Length, example, i)]));

    // Byte-pair encoding's training (Sennrich et al., arXiv 1508.07909): again and again the most frequent pair.
    private static List<(string Left, string Right)> Trained(string[] words)
    {
        var merges = new List<(string Left, string Right)>();
        while (merges.Count < 25)
        {
            var pairs = words.Select(word => Defined(word, merges)).SelectMany(symbols => symbols.Zip(symbols.Skip(1))).ToList();
            merges.Add(pairs.CountBy(pair => pair).MaxBy(pair => pair.Value).Key);
        }
        return merges;
    }

    // The pair that comes first in the list is merged wherever it stands, from the left; then again.
    private static List<string> Defined(string word, List<(string Left, string Right)> merges)
    {
        List<string> symbols = [.. word.Select(c => $"{c}")];
        while (merges.FirstOrDefault(pair => symbols.Zip(symbols.Skip(1)).Contains(pair)) is { Left: not null } best)
        {
            for (int i = 0; i + 1 < symbols.Count; i++)
            {
                if ((symbols[i], symbols[i + 1]) != best)
                    continue;
                symbols[i] += symbols[i + 1];
                symbols.RemoveAt(i + 1);
            }
        }
        return symbols;
    }
}
