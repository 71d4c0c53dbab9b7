using Bench.Tests.Architecture;
using Xunit;

namespace Bench.Tests.Cli;

/// <summary>What is said of definitions whose weights and texts are not there.</summary>
public sealed class NeededFileTests
{
    [Fact]
    public void Files_that_are_not_there_are_listed_with_size_and_source_and_nothing_is_run()
    {
        using var shell = new Shell();
        File.Copy(Path.Combine(Repository.Root, "experiments", "published", "gidd-u10-owt.yaml"), shell.Folder["gidd.yaml"]);
        GoldenFile.Matches("needed-files.txt",
            shell.Transcript("plan {folder}/gidd.yaml", "run {folder}/gidd.yaml", "check {folder}/gidd.yaml"));
        Assert.False(Directory.Exists(shell.Results));
    }

    [Fact]
    public void The_commands_that_get_them_are_lines_for_a_shell_and_all_else_is_a_comment()
    {
        using var shell = new Shell();
        string[] lines = shell.Run("data", "published").Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.All(lines, line => Assert.Matches("^(# |hf download |mkdir -p )", line));
        Assert.Contains("hf download kuleshov-group/mdlm-owt --local-dir data/weights/mdlm-owt", lines);
    }
}
