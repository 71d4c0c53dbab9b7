
using Bench.Data;
using Bench.Data.Corpora;
using Bench.Data.Downloads;
using Bench.Data.Tokenizers;
using Bench.Results;
using Xunit;

namespace Bench.Tests.Data;

public sealed class FileCorpusTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void One_file_is_cut_at_white_space_after_90_and_95_percent()
    {
        string text = string.Join(' ', Enumerable.Range(0, 1000).Select(i => $"é{i}"));
        var corpus = new FileCorpus(folder.Write("text.txt", text));
        var packages = new PackageCache(folder.Path);

        string[] parts = [.. new[] { Split.Train, Split.Validation, Split.Test }.Select(
            part => corpus.Documents(part, packages).Single().Open().ReadToEnd())];
        Assert.Equal(text, string.Concat(parts));
        Assert.All(parts.Skip(1), part => Assert.StartsWith(" é", part, StringComparison.Ordinal));
        Assert.Equal(0.90, (double)parts[0].Length / text.Length, 0.01);
        Assert.Equal(0.05, (double)parts[1].Length / text.Length, 0.01);
        Assert.Equal(text, corpus.Documents(Split.Whole, packages).Single().Open().ReadToEnd());
    }

    [Fact]
    public void Three_files_are_the_three_parts()
    {
        using var data = new DataLibrary(folder.Path).Open(
            new FileCorpus(folder.Write("a.txt", "train"), folder.Write("b.txt", "validate"), folder.Write("c.txt", "test it")),
            Alphabet27.Instance);

        Assert.Equal(["train", "validate", "test it"],
            new[] { data.Train, data.Validation, data.Test }.Select(part => Alphabet27.Instance.Decode(part.ToArray())));
    }

    [Fact]
    public void A_changed_file_is_another_corpus_with_another_data_hash()
    {
        var library = new DataLibrary(folder.Path);
        string path = folder.Write("text.txt", "the text before");
        using var before = library.Open(new FileCorpus(path), Alphabet27.Instance);
        using var again = library.Open(new FileCorpus(path), Alphabet27.Instance);
        folder.Write("text.txt", "the text after");
        using var after = library.Open(new FileCorpus(path), Alphabet27.Instance);

        Assert.Equal(before.Hash, again.Hash);
        Assert.NotEqual(before.Hash, after.Hash);
    }

    [Fact]
    public void All_mistakes_of_the_files_are_reported_at_once()
    {
        var problems = new FileCorpus(folder["absent.txt"], folder.Write("empty.txt", "")).Check("data.file").ToList();

        Assert.Equal(3, problems.Count);
        Assert.Contains(problems, problem => problem.What.Contains("absent.txt", StringComparison.Ordinal));
        Assert.Contains(problems, problem => problem.What.Contains("is empty", StringComparison.Ordinal));
        Assert.Throws<SuiteException>(() => new DataLibrary(folder.Path).Open(new FileCorpus(folder["absent.txt"]), Alphabet27.Instance));
    }

    [Fact]
    public void A_byte_that_is_not_UTF8_is_named_by_its_offset_in_the_file_and_leaves_no_token_file()
    {
        var bytes = Enumerable.Repeat((byte)' ', 1000).ToArray();
        bytes[970] = 0xFF;
        File.WriteAllBytes(folder["text.txt"], bytes);

        var error = Assert.Throws<SuiteException>(
            () => new DataLibrary(folder.Path).Open(new FileCorpus(folder["text.txt"]), Alphabet27.Instance));
        Assert.Contains("byte 0xFF at offset 970 is not UTF-8", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Directory.GetFiles(folder["tokens"]),
            file => Path.GetFileName(file).Contains("test", StringComparison.Ordinal));
    }
}
