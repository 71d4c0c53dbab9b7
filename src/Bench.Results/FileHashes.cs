using System.Collections.Immutable;
using System.Security.Cryptography;
using Bench.Results.Files;
using Bench.Results.Runs;

namespace Bench.Results;

/// <summary>SHA-256 of the files of a run, by path within its folder: what <c>status.json</c> keeps of a finished run.</summary>
/// <remarks>Of those that results are read from; the log, the lock and checkpoints are not among them.</remarks>
public sealed class FileHashes : IEquatable<FileHashes>
{
    // How many files an error names.
    private const int Named = 4;

    private readonly ImmutableSortedDictionary<string, string> byPath;

    internal FileHashes(IEnumerable<KeyValuePair<string, string>> byPath) =>
        this.byPath = byPath.ToImmutableSortedDictionary(StringComparer.Ordinal);

    /// <summary>Lower-case hexadecimal digits by path, with '/' between folders.</summary>
    public IReadOnlyDictionary<string, string> ByPath => byPath;

    /// <inheritdoc/>
    public bool Equals(FileHashes? other) => other is not null && byPath.SequenceEqual(other.byPath);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as FileHashes);

    /// <inheritdoc/>
    public override int GetHashCode() => byPath.Aggregate(0, HashCode.Combine);

    /// <summary>Of the files as they are now.</summary>
    internal static FileHashes Of(string folder) => new(
        from path in RunFiles.Hashed(folder)
        let name = Path.GetRelativePath(folder, path).Replace(Path.DirectorySeparatorChar, '/')
        select KeyValuePair.Create(name, Convert.ToHexStringLower(SHA256.HashData(InputFile.ReadBytes(path)))));

    /// <summary>Compares the files of a folder with these hashes.</summary>
    /// <exception cref="SuiteException">A file has changed, is missing or was added; the message names it.</exception>
    internal void Check(string folder)
    {
        var now = Of(folder).byPath;
        string[] differences =
        [
            .. byPath.Keys.Where(path => !now.ContainsKey(path)).Select(path => $"{path} is missing"),
            .. byPath.Where(kept => now.TryGetValue(kept.Key, out string? hash) && hash != kept.Value)
                .Select(kept => $"{kept.Key} has changed"),
            .. now.Keys.Where(path => !byPath.ContainsKey(path)).Select(path => $"{path} was added"),
        ];
        if (differences.Length > 0)
        {
            string more = differences.Length > Named ? $" and {differences.Length - Named} more" : "";
            string named = string.Join(", ", differences.Take(Named));
            throw new SuiteException(
                $"{folder}: this finished run does not match the hashes in its status.json: {named}{more}.",
                "Restore what the run had written, or delete the run's folder and run the experiment again.");
        }
    }
}

/// <summary>Says which results cannot be checked: runs that were finished by a version that kept no hashes of their files.</summary>
public static class MissingHashes
{
    /// <summary>A sentence for readers of numbers of these runs; null where every finished one can be checked.</summary>
    public static string? Note(IEnumerable<RunRecord> runs) => runs.Count(run => run.LacksHashes) switch
    {
        0 => null,
        1 => "1 finished run carries no hashes of its files, since an earlier version wrote it: a change to the files would go unnoticed.",
        int count => $"{count} finished runs carry no hashes of their files, since an earlier version wrote them: "
            + "a change to the files would go unnoticed.",
    };
}
