using System.Runtime.CompilerServices;
using Xunit;

namespace Bench.Tests.Experiments;

/// <summary>What a user sees, compared with a file beside the test. BENCH_ACCEPT=1 replaces the file by what there is now.</summary>
internal static class GoldenFile
{
    /// <summary>The files beside the tests.</summary>
    public static string Folder { get; } = Path.Combine(Here(), "Golden");

    /// <summary>The repository, from where this file lies in it.</summary>
    public static string Repository { get; } = Path.GetFullPath(Path.Combine(Here(), "..", "..", ".."));

    /// <summary>Whether files are replaced.</summary>
    public static bool Accepts => Environment.GetEnvironmentVariable("BENCH_ACCEPT") == "1";

    public static void Matches(string path, string actual)
    {
        if (Accepts)
            File.WriteAllText(path, actual);
        Assert.Equal(File.ReadAllText(path), actual);
    }

    private static string Here([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;
}
