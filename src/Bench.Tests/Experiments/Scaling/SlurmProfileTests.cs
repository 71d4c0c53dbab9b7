using Bench.Experiments.Definitions;
using Bench.Experiments.Slurm;
using Bench.Results;
using Bench.Tests.Data;
using Xunit;

namespace Bench.Tests.Experiments.Scaling;

/// <summary>The file of a cluster's options.</summary>
public sealed class SlurmProfileTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void The_example_is_read_and_no_folder_of_definitions_reads_it()
    {
        string experiments = Path.Combine(GoldenFile.Repository, "experiments");
        var profile = Read(Path.Combine(experiments, "slurm.yml"), out var problems);
        Assert.Empty(problems);
        Assert.Equal((TimeSpan.FromHours(4), 4, 8), (profile!.Time, profile.Cpus, profile.MaxParallel));
        Assert.Contains("no *.yaml", Assert.Single(DefinitionReader.Load(experiments).Problems).What, StringComparison.Ordinal);
    }

    [Fact]
    public void Commented_keys_of_the_example_are_valid()
    {
        string[] lines = File.ReadAllLines(Path.Combine(GoldenFile.Repository, "experiments", "slurm.yml"));
        string all = string.Join('\n',
            lines.Skip(3).Where(line => line.StartsWith("# ", StringComparison.Ordinal)).Select(line => line[2..])
                .Prepend("time: 04:00:00"));
        var profile = Read(folder.Write("all.yml", all), out var problems);
        Assert.Empty(problems);
        Assert.Equal(("gpu", "my-project", "normal"), (profile!.Partition, profile.Account, profile.Qos));
        Assert.Equal(4, profile.Ranks);
        Assert.Equal((1, 1, 2), (profile.Modules.Length, profile.Setup.Length, profile.Extra.Length));
    }

    [Fact]
    public void Time_alone_is_enough()
    {
        var profile = Read(folder.Write("least.yml", "time: 2-03:04:05"), out var problems);
        Assert.Empty(problems);
        Assert.Equal(new TimeSpan(2, 3, 4, 5), profile!.Time);
        Assert.Equal((0, 4, 1), (profile.Gpus, profile.Cpus, profile.Ranks));
        Assert.Equal((null, null, null), (profile.MaxParallel, profile.Partition, profile.Memory));
    }

    [Theory]
    [InlineData("wrong")]
    [InlineData("wrong-options")]
    public void Every_problem_is_reported_at_once_with_its_place_and_a_fix(string name)
    {
        string golden = Path.Combine(GoldenFile.Folder, "..", "Scaling", "Golden");
        string file = Path.Combine(golden, $"{name}.yml");
        Assert.Null(Read(file, out var problems));
        string reported = string.Concat(problems.Select(problem => problem.ToString().ReplaceLineEndings("\n") + "\n"));
        GoldenFile.Matches(Path.Combine(golden, $"{name}.txt"),
            reported.Replace(golden + Path.DirectorySeparatorChar, "", StringComparison.Ordinal));
    }

    [Fact]
    public void A_profile_that_is_not_there_or_a_folder_is_a_problem()
    {
        Assert.Null(Read(folder["absent.yml"], out var absent));
        Assert.Contains("no such file", Assert.Single(absent).What, StringComparison.Ordinal);
        Assert.Null(Read(folder.Path, out var notFile));
        Assert.Contains("a folder", Assert.Single(notFile).What, StringComparison.Ordinal);
    }

    private static SlurmProfile? Read(string file, out List<Problem> problems)
    {
        problems = [];
        return SlurmProfile.Read(file, problems);
    }
}
