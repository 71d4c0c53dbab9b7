using System.Collections.Immutable;
using System.Security.Cryptography;
using Bench.Results;

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
        string path = Path.Combine(output, Name);
        string root = Path.GetFullPath(output) + Path.DirectorySeparatorChar;
        var before = File.Exists(path) ? CsvFormat.Read(path, File.ReadAllText(path), Header, row => row.Text("file")) : [];
        foreach (string stale in before.Except(files, StringComparer.Ordinal))
        {
            // A manifest that somebody edited must not delete what lies outside.
            string full = Path.GetFullPath(Path.Combine(output, stale));
            if (full.StartsWith(root, StringComparison.Ordinal))
                File.Delete(full);
        }

        AtomicFile.Write(path, CsvFormat.Text(files
            .Select(file => new[] { file, Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Path.Combine(output, file)))) })
            .Prepend(Header)));
    }
}
