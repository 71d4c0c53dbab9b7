using System.Collections.Immutable;
using Bench.Results;
using Bench.Results.Files;

namespace Bench.Reporting;

/// <summary>
/// <c>manifest.csv</c>: what a report consists of, with hashes. The next report deletes what it no longer makes, and
/// nothing else.
/// </summary>
internal static class Manifest
{
    private const string Name = "manifest.csv";
    private static readonly string[] Header = ["file", "sha256"];

    /// <summary>Deletes files of the last report that are not in this one, and records this one.</summary>
    public static void Replace(string output, ImmutableArray<string> files)
    {
        string root = Path.GetFullPath(output) + Path.DirectorySeparatorChar;
        foreach (string stale in (Of(output)?.Keys ?? Enumerable.Empty<string>()).Except(files, StringComparer.Ordinal))
        {
            // An edited manifest must not delete files outside the folder.
            string full = Path.GetFullPath(Path.Combine(output, stale));
            if (full.StartsWith(root, StringComparison.Ordinal) && File.Exists(full))
                File.Delete(full);
        }

        Write(output, files.Select(file => (file, Inputs.OfFile(Path.Combine(output, file)))));
    }

    /// <summary>Records files beside those of the last report.</summary>
    public static void Update(string output, ImmutableArray<string> files)
    {
        var hashes = Of(output) ?? new(StringComparer.Ordinal);
        foreach (string file in files)
            hashes[file] = Inputs.OfFile(Path.Combine(output, file));
        Write(output, hashes.OrderBy(pair => pair.Key.Contains('/', StringComparison.Ordinal)).ThenBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => (pair.Key, pair.Value)));
    }

    /// <summary>The files of the report there, with their hashes; null where there is none.</summary>
    /// <exception cref="SuiteException">The list is damaged.</exception>
    public static Dictionary<string, string>? Of(string output)
    {
        string path = Path.Combine(output, Name);
        return File.Exists(path)
            ? CsvFormat.Read(path, InputFile.ReadText(path), Header, row => (File: row.Text("file"), Hash: row.Text("sha256")))
                .GroupBy(row => row.File, StringComparer.Ordinal)
                .ToDictionary(rows => rows.Key, rows => rows.First().Hash, StringComparer.Ordinal)
            : null;
    }

    private static void Write(string output, IEnumerable<(string File, string Hash)> files) =>
        AtomicFile.Write(Path.Combine(output, Name), CsvFormat.Text(files.Select(pair => new[] { pair.File, pair.Hash }).Prepend(Header)));
}
