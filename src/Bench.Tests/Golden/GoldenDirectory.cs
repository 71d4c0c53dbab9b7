using System.Text.Json;

namespace Bench.Tests.Golden;

/// <summary>The golden files of a directory: those beside the tests, or those that BENCH_GOLDEN_DIR names.</summary>
public static class GoldenDirectory
{
    private static readonly Lazy<Dictionary<string, GoldenCase[]>> Families = new(Read);

    public static string Path => Environment.GetEnvironmentVariable("BENCH_GOLDEN_DIR") is { Length: > 0 } named
        ? named
        : System.IO.Path.Combine(AppContext.BaseDirectory, "Golden", "Vectors");

    public static IReadOnlyDictionary<string, GoldenCase[]> Cases => Families.Value;

    private static Dictionary<string, GoldenCase[]> Read() =>
        Directory.EnumerateFiles(Path, "*.json").Order(StringComparer.Ordinal).Select(Read).ToDictionary(file => file.Family, file => file.Cases);

    private static (string Family, GoldenCase[] Cases) Read(string path)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(path));
        var root = document.RootElement;
        string family = root.GetProperty("family").GetString()!;
        GoldenCase[] cases = [.. root.GetProperty("cases").EnumerateArray().Select(json => new GoldenCase(family, json.Clone()))];
        return cases.Length == root.GetProperty("case_count").GetInt32()
            ? (family, cases)
            : throw new InvalidDataException($"{path} says it has {root.GetProperty("case_count")} cases, but holds {cases.Length}");
    }
}
