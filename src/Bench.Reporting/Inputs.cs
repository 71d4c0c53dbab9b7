using Bench.Reporting.Figures.Drawing;
using System.Collections.Immutable;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using Bench.Reporting.Figures;
using Bench.Reporting.Figures.Styles;
using Bench.Results;
using Bench.Results.Claims;
using Bench.Results.Files;
using Bench.Results.Runs;

namespace Bench.Reporting;

/// <summary>
/// <c>inputs.csv</c>: what a report was made from, with hashes, so that a stale report is recognised
/// without making it again. A run folder has one hash over all that a report reads of it.
/// </summary>
internal static class Inputs
{
    public const string Name = "inputs.csv";

    private const string Fonts = "fonts";

    // The code that makes a report of everything else. A module has the same id after every build of the same code,
    // as long as no commit is written into it (Directory.Build.props). The code that pictures come from shows in them.
    private static readonly Module[] Program = [typeof(Inputs).Module, typeof(RunRecord).Module];

    private static readonly string[] Header = ["input", "sha256"];
    private static readonly string[] OfRun = ["definition.json", "environment.json", "generation.csv", "metrics.csv", "status.json",
        "training.csv"];

    /// <summary>What there is now.</summary>
    public static ImmutableArray<(string Input, string Hash)> Now(string resultsRoot, string publishedRoot, string figuresRoot,
        IEnumerable<Claim> claims, IEnumerable<PictureGrid> pictures) =>
    [
        .. RunFolders(resultsRoot)
        .Select(folder => ($"runs/{Path.GetFileName(Path.GetDirectoryName(folder))}/{Path.GetFileName(folder)}", OfFolder(folder))),
        .. Files(publishedRoot, "*").Select(path => ($"published/{Path.GetFileName(path)}", OfFile(path))),
        .. Files(figuresRoot, StyleFile.Name).Select(path => ($"figures/{Path.GetFileName(path)}", OfFile(path))),
        .. Files(Path.Combine(figuresRoot, Fonts), "*").Select(path => ($"figures/{Fonts}/{Path.GetFileName(path)}", OfFile(path))),
        .. claims.Select(claim => ($"claims/{claim.Name}", OfText(claim.Fingerprint))),
        .. pictures.Select(picture => ($"pictures/{picture.Name}", OfPicture(picture))),
        .. Program.Select(module => ($"program/{module.Name}", $"{module.ModuleVersionId:N}")),
    ];

    public static string Text(IEnumerable<(string Input, string Hash)> inputs) =>
        CsvFormat.Text(inputs.Select(input => new[] { input.Input, input.Hash }).Prepend(Header));

    /// <summary>What a report says that it was made from; null where it does not say.</summary>
    /// <exception cref="SuiteException">The file is damaged.</exception>
    public static Dictionary<string, string>? Of(string outputRoot)
    {
        string path = Path.Combine(outputRoot, Name);
        return File.Exists(path)
            ? CsvFormat.Read(path, InputFile.ReadText(path), Header, row => (Input: row.Text("input"), Hash: row.Text("sha256")))
                .ToDictionary(row => row.Input, row => row.Hash, StringComparer.Ordinal)
            : null;
    }

    public static string OfFile(string path) => Convert.ToHexStringLower(SHA256.HashData(InputFile.ReadBytes(path)));

    private static string OfPicture(PictureGrid picture) => OfText(string.Join('\n',
        picture.Panels.SelectMany(panel => panel.Rows.Select(row => string.Join('\t', row)).Prepend($"{panel.Name}\t{panel.Title}"))
            .Prepend(picture.Caption)));

    private static string OfText(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private static string OfFolder(string folder)
    {
        string samples = Path.Combine(folder, "samples");
        IEnumerable<string> files = [.. OfRun.Select(name => Path.Combine(folder, name)).Where(File.Exists), .. Files(samples, "*.txt")];
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (string file in files)
        {
            // A name and a length before each: content never runs over into the next file.
            byte[] content = InputFile.ReadBytes(file);
            hash.AppendData(Encoding.UTF8.GetBytes($"{Path.GetFileName(file)}\n{content.Length}\n"));
            hash.AppendData(content);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static IEnumerable<string> RunFolders(string resultsRoot) =>
        Path.Combine(resultsRoot, "runs") is var runs && Directory.Exists(runs)
        ? Directory.EnumerateDirectories(runs).SelectMany(Directory.EnumerateDirectories)
            .Where(folder => File.Exists(Path.Combine(folder, "definition.json"))).Order(StringComparer.Ordinal)
        : [];

    private static IEnumerable<string> Files(string folder, string pattern) =>
        Directory.Exists(folder) ? Directory.EnumerateFiles(folder, pattern).Order(StringComparer.Ordinal) : [];
}
