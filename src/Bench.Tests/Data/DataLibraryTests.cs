
using Bench.Data;
using Bench.Data.Corpora;
using Bench.Data.Downloads;
using Bench.Data.Tokenizers;
using Bench.Data.Tokens;
using Bench.Results;
using Xunit;

namespace Bench.Tests.Data;

public sealed class DataLibraryTests : IDisposable
{
    private const string Unset = "neither BENCH_CACHE nor XDG_CACHE_HOME nor HOME is set";

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Documents_are_joined_by_one_separator_and_empty_ones_leave_no_trace()
    {
        using var tokens =
            new DataLibrary(folder.Path).Open(new Texts("--", "one", "!", "", "two\n", "three", "?"), Alphabet27.Instance, Split.Whole);

        Assert.Equal("one two three", Alphabet27.Instance.Decode(tokens.ToArray()));
    }

    [Fact]
    public void A_damaged_token_file_is_made_again()
    {
        var library = new DataLibrary(folder.Path);
        var corpus = new Texts("some text");
        library.Open(corpus, Alphabet27.Instance, Split.Whole).Dispose();
        string path = Assert.Single(Directory.GetFiles(folder["tokens"]));
        var bytes = File.ReadAllBytes(path);
        bytes[^1] ^= 1;
        File.WriteAllBytes(path, bytes);

        using var again = library.Open(corpus, Alphabet27.Instance, Split.Whole);
        Assert.Equal("some text", Alphabet27.Instance.Decode(again.ToArray()));
    }

    [Fact]
    public void A_folder_that_cannot_be_written_is_an_error_with_a_way_out()
    {
        var library = new DataLibrary(folder.Write("a file", "in the way"));
        var error = Assert.Throws<SuiteException>(() => library.Open(new Texts("text"), Alphabet27.Instance, Split.Whole));

        Assert.Contains("BENCH_CACHE", error.Fix, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/own", "/xdg", "/own")]
    [InlineData(null, "/xdg", "/xdg/bench")]
    [InlineData("", "/xdg", "/xdg/bench")]
    public void The_cache_folder_follows_the_environment(string? own, string? xdg, string expected) =>
        Assert.Equal(expected, CacheFolder.Locate(name => name == "BENCH_CACHE" ? own : xdg));

    [Theory, InlineData(null), InlineData("relative/is/invalid")]
    public void Without_variables_the_cache_lies_in_the_home_folder(string? xdg) =>
        Assert.Equal(
            folder[Path.Combine(".cache", "bench")],
            CacheFolder.Locate(name => name switch { "BENCH_CACHE" => null, "XDG_CACHE_HOME" => xdg, _ => folder.Path }));

    [Theory]
    [InlineData(null, Unset), InlineData("", Unset), InlineData("here", Unset)]
    [InlineData("/nowhere/home", "the home folder /nowhere/home does not exist")]
    public void Without_a_home_folder_nothing_is_put_into_another_one(string? home, string message)
    {
        var error = Assert.Throws<SuiteException>(() => CacheFolder.Locate(name => name is "HOME" or "USERPROFILE" ? home : null));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.StartsWith("Set BENCH_CACHE to a folder", error.Fix, StringComparison.Ordinal);
    }

    [Fact]
    public void A_home_folder_that_cannot_be_written_is_reported_with_advice()
    {
        var error = Assert.Throws<SuiteException>(() => new DataLibrary("/sys/bench").Packages.Fetch(new("texts", "1.2.3", "hash")));
        Assert.StartsWith("the cache folder /sys/bench/packages cannot be used: ", error.Message, StringComparison.Ordinal);
        Assert.Contains("Set BENCH_CACHE to a folder", error.Fix, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_tenth_document_is_tested_on_and_the_one_before_it_validates()
    {
        var documents = Enumerable.Range(0, 25).Select(i => Document.Of($"{i:00}", [])).Reverse().ToList();

        Assert.Equal(["08", "18"], DocumentSplit.Take(documents, Split.Validation).Select(document => document.Name));
        Assert.Equal(["09", "19"], DocumentSplit.Take(documents, Split.Test).Select(document => document.Name));
        Assert.Equal(21, DocumentSplit.Take(documents, Split.Train).Count());
        Assert.Equal(25, DocumentSplit.Take(documents, Split.Whole).Count());
    }

    [Fact]
    public void An_unknown_corpus_is_answered_with_the_known_ones()
    {
        var error = Assert.Throws<SuiteException>(() => CorpusCatalog.Find("sotuu"));
        Assert.All(CorpusCatalog.All, corpus => Assert.Contains(corpus.Name, error.Fix, StringComparison.Ordinal));
        Assert.Same(CorpusCatalog.Sotu, CorpusCatalog.Find("sotu"));
    }

    private sealed record Texts(params string[] Contents) : ICorpus
    {
        public string Name => "texts";

        public string Fingerprint => string.Join('|', Contents);

        public IEnumerable<Document> Documents(Split part, PackageCache packages) =>
            Contents.Select((text, i) => new Document($"{i}", () => new StringReader(text)));
    }
}
