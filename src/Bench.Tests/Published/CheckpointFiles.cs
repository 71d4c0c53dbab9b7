using System.Text.Json;
using Bench.Tests.Architecture;
using Bench.Tests.Golden;
using Xunit;

namespace Bench.Tests.Published;

/// <summary>Checkpoints with known outputs: those beside the tests, or those of the folder that BENCH_CHECKPOINT_DIR names.</summary>
internal static class CheckpointFiles
{
    /// <summary>The folder beside the tests.</summary>
    public static readonly string Own = Path.Combine(Repository.Root, "src", "Bench.Tests", "Published", "Golden");

    public static string Root => Environment.GetEnvironmentVariable("BENCH_CHECKPOINT_DIR") is { Length: > 0 } named
        ? named : Own;

    /// <summary>The folder of damaged and hostile files; another root may have none.</summary>
    public static string HostileFolder => Path.Combine(Directory.Exists(Path.Combine(Root, "hostile")) ? Root : Own, "hostile");

    /// <summary>Folders below the root that hold an expected.json.</summary>
    public static IEnumerable<string> Cases() => Directory.EnumerateFiles(Root, "expected.json", SearchOption.AllDirectories)
        .Select(path => Path.GetRelativePath(Root, Path.GetDirectoryName(path)!)).Order(StringComparer.Ordinal);

    /// <summary>What a reader should do with each hostile file, by file, as their README says.</summary>
    public static IEnumerable<(string File, string Expected)> Hostile() =>
        from line in File.ReadLines(Path.Combine(HostileFolder, "README.md"))
        let cells = line.Split(" | ")
        where line.StartsWith("| ", StringComparison.Ordinal) && cells.Length >= 3 && cells[0] != "| file"
            && !cells[0].StartsWith("| ---", StringComparison.Ordinal)
        select (cells[0][2..].Trim('`', ' '), cells[^1].TrimEnd(' ', '|'));
}

/// <summary>A part of expected.json, which has to be read as a whole.</summary>
internal sealed class Expectations(JsonElement json, string what)
{
    private readonly HashSet<string> read = new(StringComparer.Ordinal);

    public bool Has(string name)
    {
        read.Add(name);
        return json.TryGetProperty(name, out _);
    }

    public JsonElement Of(string name)
    {
        read.Add(name);
        return json.GetProperty(name);
    }

    public double[] Numbers(string name) => GoldenNumbers.Of(Of(name));

    public long[] Integers(string name) => Array.ConvertAll(Numbers(name), value => (long)value);

    public Expectations Part(string name) => new(Of(name), $"{what}.{name}");

    /// <summary>Parts that say in prose what others say in numbers.</summary>
    public void Skip(params string[] names) => read.UnionWith(names);

    public void AssertAllRead()
    {
        string[] left = [.. json.EnumerateObject().Select(property => property.Name).Except(read, StringComparer.Ordinal)];
        Assert.True(left.Length == 0, $"{what}: not compared: {string.Join(", ", left)}");
    }
}
