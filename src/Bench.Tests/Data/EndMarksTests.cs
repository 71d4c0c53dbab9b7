using Bench.Data;
using Bench.Data.Corpora;
using Bench.Data.Downloads;
using Bench.Data.Tokenizers;
using Bench.Data.Tokens;
using Xunit;

namespace Bench.Tests.Data;

/// <summary>Documents in one file.</summary>
public sealed class EndMarksTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("one\ntwo", "one\ntwo")]
    [InlineData("one\n<|endoftext|>\ntwo\n", "one", "two\n")]
    [InlineData("one\r\n<|endoftext|>\r\ntwo", "one", "two")]
    [InlineData("<|endoftext|>\none\n<|endoftext|>\n<|endoftext|>\ntwo\n<|endoftext|>", "one", "two")]
    [InlineData("one <|endoftext|>\n<|endoftext|> two\n <|endoftext|>\n", "one <|endoftext|>\n<|endoftext|> two\n <|endoftext|>\n")]
    public void A_line_with_the_mark_and_nothing_else_ends_a_document(string text, params string[] documents) =>
        Assert.Equal(documents, Documents(text));

    [Fact]
    public void A_mark_is_found_wherever_it_lies_in_a_large_file()
    {
        // The file is read in pieces of 2^20 bytes.
        foreach (int before in Enumerable.Range((1 << 20) - 20, 24))
        {
            string first = new('a', before);
            Assert.Equal([first.Length, 1, 3],
                Documents($"{first}\n<|endoftext|>\nb\n<|endoftext|>\nend").Select(document => document.Length));
        }
    }

    [Fact]
    public void The_separator_of_the_vocabulary_stands_in_the_place_of_the_mark()
    {
        var corpus = new FileCorpus(folder.Write("text.txt", "the end\n<|endoftext|>\nthe beginning\n"));
        var library = new DataLibrary(folder.Path);
        using var letters = library.Open(corpus, Alphabet27.Instance, Split.Whole);
        using var pairs = library.Open(corpus, TinyMerges.Tokenizer, Split.Whole);
        Assert.Equal("the end the beginning", Alphabet27.Instance.Decode(letters.ToArray()));
        Assert.Equal("the end<|endoftext|>the beginning\n", TinyMerges.Tokenizer.Decode(pairs.ToArray()));
        Assert.Equal("the endthe beginning\n".Length + 1, ((ITokenizer)TinyMerges.Tokenizer).Characters(pairs.ToArray()));
    }

    [Fact]
    public void Parts_are_cut_inside_documents_too_and_nothing_is_lost()
    {
        string[] documents = [.. Enumerable.Range(0, 50).Select(i => $"document number {i} with its words")];
        var corpus = new FileCorpus(folder.Write("text.txt", string.Join("\n<|endoftext|>\n", documents)));
        string[] parts = [.. new[] { Split.Train, Split.Validation, Split.Test }.SelectMany(
            part => corpus.Documents(part, new PackageCache(folder.Path))).Select(Read)];
        Assert.Equal(string.Concat(documents), string.Concat(parts).ReplaceLineEndings(""));
        Assert.InRange(parts.Length, 50, 54); // two cuts, each of which may leave a line break alone
    }

    private static string Read(Document document)
    {
        using var text = document.Open();
        return text.ReadToEnd();
    }

    private string[] Documents(string text) =>
        [.. new FileCorpus(folder.Write("marked.txt", text)).Documents(Split.Whole, new PackageCache(folder.Path)).Select(Read)
            .Where(document => document.Length > 0)];
}
