
using Bench.Data.Corpora;
using Bench.Data.Downloads;
using Bench.Data.Tokenizers;
using Bench.Data.Tokens;
using Bench.Results;

namespace Bench.Data;

/// <summary>Opens corpora as tokens. What has been downloaded and tokenized once is read from the cache folder afterwards.</summary>
/// <param name="folder">The cache folder, by default <see cref="CacheFolder.Default"/>.</param>
/// <param name="report">Conditioned about downloads.</param>
/// <param name="npm">The npm program, by default the one on the path.</param>
/// <param name="stop">Ends a download, or the preparation of a text.</param>
public sealed class DataLibrary(
    string? folder = null, Action<PackageEvent>? report = null, string? npm = null, CancellationToken stop = default)
{
    private readonly Lazy<string> folder = new(() => folder ?? CacheFolder.Default); // most commands need none
    private PackageCache? packages;

    /// <summary>The cache folder.</summary>
    /// <exception cref="SuiteException">There is none.</exception>
    public string Folder => folder.Value;

    /// <summary>The packages in the cache folder.</summary>
    /// <exception cref="SuiteException">There is no cache folder.</exception>
    public PackageCache Packages => packages ??= new(Path.Combine(Folder, "packages"), report, npm, stop);

    /// <summary>The three parts of a corpus.</summary>
    /// <exception cref="SuiteException">The text cannot be had or read, or the cache folder cannot be written.</exception>
    public Dataset Open(ICorpus corpus, ITokenizer tokenizer) =>
        OpenParts($"{corpus.Name}-{tokenizer.Name}", tokenizer, part => Open(corpus, tokenizer, part));

    /// <summary>One part of a corpus, or the whole of it: its documents one after the other with a separator between two of them.</summary>
    /// <exception cref="SuiteException">The text cannot be had or read, or the cache folder cannot be written.</exception>
    public ITokens Open(ICorpus corpus, ITokenizer tokenizer, Split part) =>
        Open($"{corpus.Name}-{tokenizer.Name}-{Label(part)}", corpus.Fingerprint, tokenizer.Vocabulary,
            writer => Tokenize(corpus.Documents(part, Packages), tokenizer, writer));

    /// <summary>The three parts of a source of known entropy.</summary>
    /// <exception cref="SuiteException">The cache folder cannot be written.</exception>
    public Dataset Open(MarkovCorpus corpus) =>
        OpenParts(corpus.Name, corpus.Tokenizer, part =>
            Open($"{corpus.Name}-{Label(part)}-{corpus.Length(part)}", corpus.Fingerprint, corpus.Tokenizer.Vocabulary,
                writer => corpus.Write(part, writer)));

    private static Dataset OpenParts(string name, ITokenizer tokenizer, Func<Split, ITokens> open)
    {
        var opened = new List<ITokens>();
        try
        {
            foreach (var part in new[] { Split.Train, Split.Validation, Split.Test })
                opened.Add(open(part));
            return new(name, tokenizer, opened[0], opened[1], opened[2]);
        }
        catch
        {
            opened.ForEach(tokens => tokens.Dispose());
            throw;
        }
    }

    private TokenFile Open(string name, string fingerprint, Vocabulary vocabulary, Action<TokenFileWriter> write)
    {
        string path = Path.Combine(Folder, "tokens", $"{name}.tok");
        if (TokenFile.TryOpen(path, vocabulary, fingerprint) is { } cached)
            return cached;
        try
        {
            using (var writer = new TokenFileWriter(path, vocabulary, fingerprint, stop))
            {
                write(writer);
                writer.Commit();
            }
            return TokenFile.Open(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new SuiteException($"{name} cannot be prepared in {Folder}: {error.Message}",
                "Make room there, or set BENCH_CACHE to a folder that can be written.", error);
        }
    }

    private static void Tokenize(IEnumerable<Document> documents, ITokenizer tokenizer, TokenFileWriter writer)
    {
        bool due = false; // A separator is written once the next document turns out not to be empty.
        foreach (var document in documents)
        {
            using var text = document.Open();
            due = writer.Count > 0;
            tokenizer.Encode(text, tokens =>
            {
                if (due && !tokens.IsEmpty)
                {
                    writer.Write([tokenizer.Separator]);
                    due = false;
                }
                writer.Write(tokens);
            });
        }
    }

    private static string Label(Split part) => part.ToString().ToLowerInvariant();
}
