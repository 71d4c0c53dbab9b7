using System.Text.Json;

namespace Bench.Tests.Golden;

/// <summary>The golden files of a directory: those beside the tests, or those that BENCH_GOLDEN_DIR names.</summary>
public static class GoldenDirectory
{
    private static readonly Lazy<Dictionary<string, JsonElement[]>> Families = new(Read);

    public static bool IsNamed => Environment.GetEnvironmentVariable("BENCH_GOLDEN_DIR") is { Length: > 0 };

    public static string Path => IsNamed
        ? Environment.GetEnvironmentVariable("BENCH_GOLDEN_DIR")!
        : System.IO.Path.Combine(AppContext.BaseDirectory, "Golden", "Vectors");

    /// <summary>The families in order of their names.</summary>
    public static IEnumerable<string> Names => Families.Value.Keys;

    /// <summary>The cases of a family, of which nothing has been read or compared; none where there is no file of it.</summary>
    public static GoldenCase[] Cases(string family) => Families.Value.TryGetValue(family, out var cases)
        ? [.. cases.Select(json => new GoldenCase(family, json))] : [];

    private static Dictionary<string, JsonElement[]> Read() =>
        Directory.EnumerateFiles(Path, "*.json").Order(StringComparer.Ordinal).Select(Read)
            .ToDictionary(file => file.Family, file => file.Cases);

    private static (string Family, JsonElement[] Cases) Read(string path)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(path));
        var root = document.RootElement;
        string family = root.GetProperty("family").GetString()!;
        JsonElement[] cases = [.. root.GetProperty("cases").EnumerateArray().Select(json => json.Clone())];
        return cases.Length == root.GetProperty("case_count").GetInt32()
            ? (family, cases)
            : throw new InvalidDataException($"{path} says it has {root.GetProperty("case_count")} cases, but holds {cases.Length}");
    }
}
