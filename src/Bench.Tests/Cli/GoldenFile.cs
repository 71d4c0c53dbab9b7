using Bench.Tests.Architecture;
using Xunit;

namespace Bench.Tests.Cli;

/// <summary>
/// What a user sees, kept in <c>Cli/Golden</c>. With <c>BENCH_UPDATE_GOLDEN=1</c> the files are written anew, to be reviewed with <c>git
/// diff</c>.
/// </summary>
internal static class GoldenFile
{
    public static void Matches(string name, string seen)
    {
        string path = Path.Combine(Repository.Root, "src", "Bench.Tests", "Cli", "Golden", name);
        if (Environment.GetEnvironmentVariable("BENCH_UPDATE_GOLDEN") == "1")
            File.WriteAllText(path, seen);
        Assert.Equal(File.ReadAllText(path), seen);
    }
}
