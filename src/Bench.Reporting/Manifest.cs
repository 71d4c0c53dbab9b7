using System.Collections.Immutable;
using Bench.Reporting.Figures;
using Bench.Reporting.Figures.Drawing;
using Bench.Results;
using Bench.Results.Claims;
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
        Write(output,
            hashes.OrderBy(pair => pair.Key.Contains('/', StringComparison.Ordinal)).ThenBy(pair => pair.Key, StringComparer.Ordinal)
                .Select(pair => (pair.Key, pair.Value)));
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

/// <summary>Whether a report still shows the results: by hashes, without drawing anything.</summary>
public static class Staleness
{
    /// <summary>What is stale, in sentences; none when the next report would be the same.</summary>
    /// <param name="resultsRoot">Holds <c>runs/&lt;experiment&gt;/&lt;id&gt;/</c>.</param>
    /// <param name="publishedRoot">Holds the published numbers.</param>
    /// <param name="figuresRoot">Holds the style file of figures.</param>
    /// <param name="outputRoot">Where the report is.</param>
    /// <param name="claims">The claims that a report would be given now.</param>
    /// <param name="pictures">And the pictures.</param>
    /// <exception cref="SuiteException">A list of the report is damaged.</exception>
    public static ImmutableArray<string> Of(string resultsRoot, string publishedRoot, string figuresRoot, string outputRoot,
        IReadOnlyList<Claim>? claims = null, params IReadOnlyList<PictureGrid> pictures)
    {
        if (Inputs.Of(outputRoot) is not { } then || Manifest.Of(outputRoot) is not { } made)
            return [$"There is no report in {outputRoot}, or one from before reports said what they are made from."];

        var now = Inputs.Now(resultsRoot, publishedRoot, figuresRoot, claims ?? [], pictures)
            .ToDictionary(pair => pair.Input, pair => pair.Hash, StringComparer.Ordinal);
        return
        [
            .. now.Keys.Except(then.Keys, StringComparer.Ordinal).Select(input => $"{input} is new."),
            .. then.Keys.Except(now.Keys, StringComparer.Ordinal).Select(input => $"{input} is gone."),
            .. now.Where(pair => then.TryGetValue(pair.Key, out string? before) && before != pair.Value)
            .Select(pair => $"{pair.Key} has changed."),
            .. made.Where(pair => !File.Exists(Path.Combine(outputRoot, pair.Key)))
            .Select(pair => $"{pair.Key} is missing from the report."),
            .. made.Where(pair => Path.Combine(outputRoot, pair.Key) is var path && File.Exists(path) && Inputs.OfFile(path) != pair.Value)
            .Select(pair => $"{pair.Key} was edited after it was made."),
        ];
    }
}
