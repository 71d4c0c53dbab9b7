using Xunit;

namespace Bench.Tests.Cli;

/// <summary>Output of <c>bench doctor</c>.</summary>
public sealed class DoctorTests : IDisposable
{
    private readonly Shell shell = new();

    public void Dispose() => shell.Dispose();

    [Fact]
    public void Missing_parts_are_named_with_advice_and_exit_code_1()
    {
        shell.EngineProblem = "libbench_torch.so was not built, because no libtorch was found.";
        var answer = shell.Run("doctor");
        Assert.Equal(1, answer.Code);
        string[] lines = answer.Output.Split('\n');
        AssertFollows(lines, "MISSING libtorch", "make setup");
        AssertFollows(lines, "MISSING npm", "apt-get install npm");
        AssertFollows(lines, "note    corpus sotu", "bench data fetch sotu");
    }

    [Fact]
    public void Write_access_to_results_is_tested_and_leaves_no_file()
    {
        Assert.Contains("{folder}/results can be written", shell.Run("doctor").Output, StringComparison.Ordinal);
        Assert.False(Directory.Exists(shell.Results));
        Assert.Contains("MISSING results", shell.Run("doctor", "--results", "/sys/bench-results").Output, StringComparison.Ordinal);
    }

    [Fact]
    public void The_machine_is_described()
    {
        string said = shell.Run("doctor").Output;
        Assert.All(["libtorch", "loading", "vectors", "bf16", "CUDA", "threads", "kernels", ".NET SDK", "free disk"],
            name => Assert.Contains(name, said, StringComparison.Ordinal));
    }

    private static void AssertFollows(string[] lines, string finding, string fix)
    {
        int at = Array.FindIndex(lines, line => line.StartsWith(finding, StringComparison.Ordinal));
        Assert.True(at >= 0, $"no line starts with '{finding}'");
        Assert.Contains(fix, lines[at + 1], StringComparison.Ordinal);
    }
}
