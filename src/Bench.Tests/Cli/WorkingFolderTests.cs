using Bench.Experiments.Speed;
using Bench.Tests.Architecture;
using Bench.Tests.Data;
using Bench.Tests.Reporting;
using Bench.Tests.Reporting.Regression;
using Xunit;

namespace Bench.Tests.Cli;

/// <summary>
/// Paths that the user names count from the folder that the program runs in; what belongs to the repository is found from
/// everywhere.
/// </summary>
public sealed class WorkingFolderTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_report_is_made_in_a_folder_that_has_nothing_but_results()
    {
        SyntheticResults.Write(folder["here/results"]);
        var answer = Run(folder["here"], "report");
        Assert.Equal((0, ""), (answer.Code, answer.Error));
        Assert.Contains("Sahoo", File.ReadAllText(folder["here/reports/index.html"]), StringComparison.Ordinal); // of references.bib

        // The second time, a folder reports/figures is there, in which no style lies.
        Assert.Equal(0, Run(folder["here"], "report").Code);
        Assert.Equal(0, Run(folder["here"], "report", "--check").Code);
        answer = Run(folder["here"], "figures", "--only", "noise-processes");
        Assert.Equal((0, ""), (answer.Code, answer.Error));
        Assert.True(File.Exists(folder["here/reports/paper/figures/noise-processes.svg"]));
    }

    [Fact]
    public void A_report_is_made_from_the_root_folder_with_relative_paths()
    {
        SyntheticResults.Write(folder["results"]);
        string relative = Path.GetRelativePath("/", folder.Path);
        var answer = Run("/", "report", "--results", $"{relative}/results", "--output", $"{relative}/reports");
        Assert.Equal((0, ""), (answer.Code, answer.Error));
        Assert.True(File.Exists(folder["reports/index.html"]));
    }

    [Fact]
    public void The_usual_baseline_is_that_of_the_repository_and_a_named_one_counts_from_here()
    {
        GuardedResults.Write(folder["here/results"], seeds: 1);
        string usual = Run(folder["here"], "regress").IsReported(code: 2).Error;
        Assert.Contains("other text than the baseline", usual, StringComparison.Ordinal);
        string named = Run(folder["here"], "regress", "--baseline", "ci/smoke.csv").IsReported(code: 2).Error;
        Assert.StartsWith("ci/smoke.csv: there is no such baseline", named, StringComparison.Ordinal);
    }

    [Fact]
    public void Profiles_are_those_of_the_repository_where_this_folder_has_none()
    {
        string error = Run(folder.Path, "reproduce", "--profile", "smoek").IsReported(code: 2).Error;
        Assert.Contains(
            "Did you mean 'smoke'? Known profiles: ablation, claims, laptop, overnight, paper, published, quick, recipe, related, smoke, "
                + "tasks.", error,
            StringComparison.Ordinal);
        Directory.CreateDirectory(folder["experiments/mine"]);
        error = Run(folder.Path, "reproduce", "--profile", "smoke").IsReported(code: 2).Error;
        Assert.Contains("Known profiles: mine.", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Published_speeds_are_those_of_the_repository()
    {
        var peers = PublishedSpeed.Read(Path.Combine(Repository.Root, "baselines", "speed", "peers.csv"));
        string known = peers.First(peer => peer.Case == "train-ar-tiny").System;
        var answer = Run(folder.Path, "speed", "--cases", "train-ar-tiny", "--repeats", "1", "--seconds", "0", "--precision", "float32");
        Assert.Equal(0, answer.Code);
        Assert.Contains(known, answer.Output, StringComparison.Ordinal);
    }

    private static Answer Run(string from, params string[] arguments)
    {
        using var bench = new BenchProcess(from, arguments);
        return bench.End();
    }
}
