using Bench.Data;
using Bench.Experiments.Definitions;
using Bench.Experiments.Planning;
using Bench.Results;
using Bench.Results.Runs;
using Bench.Tests.Reporting;
using Bench.Tests.Reporting.Regression;
using Xunit;

namespace Bench.Tests.Cli;

/// <summary>Results that are not what their runs measured are no results, whatever command reads them.</summary>
public sealed class ChangedResultsTests : IDisposable
{
    private readonly Shell shell = new();

    public void Dispose() => shell.Dispose();

    [Fact]
    public void A_changed_number_ends_every_command_that_reads_it_until_the_folder_is_deleted()
    {
        string definition = shell.Folder.Write("counting.yaml", TinyExperiment.Counting());
        Assert.Equal(0, shell.Run("run", definition).Code);
        var run = new RunStore(shell.Results).ReadAll()[0];
        Change(run.Folder);

        const string What = "this finished run does not match the hashes in its status.json: metrics.csv has changed.";
        string[][] commands = [["runs"], ["diff", run.Id, run.Id], ["plan", "--no-probe", definition], ["run", definition]];
        foreach (string[] command in commands)
        {
            var answer = shell.Run(command).IsReported(code: 1);
            Assert.Contains($"{run.Id}: {What}", answer.Error, StringComparison.Ordinal);
            Assert.Contains("delete the run's folder and run the experiment again", answer.Error, StringComparison.Ordinal);
            Assert.Equal("", answer.Output);
        }

        var refused = Assert.Throws<SuiteException>(() => BuiltReport.Build(shell.Results, shell.Folder["reports"]));
        Assert.Contains(What, refused.Message, StringComparison.Ordinal);
        Directory.Delete(run.Folder, recursive: true);
        Assert.Contains("1 finished already, 1 to do.", shell.Run("run", definition).Output, StringComparison.Ordinal);
        Assert.Equal(0, shell.Run("runs").Code);
    }

    [Fact]
    public void A_changed_number_is_not_compared_with_a_baseline()
    {
        string baseline = shell.Folder["ci/smoke.csv"];
        GuardedResults.Write(shell.Results, seeds: 5);
        Assert.Equal(0, shell.Run("regress", "--baseline", baseline, "--update", "--reason", "the first one").Code);
        Change(new RunStore(shell.Results).ReadAll()[0].Folder);
        foreach (string[] more in (string[][])[[], ["--update", "--reason", "a changed number"]])
        {
            var answer = shell.Run(["regress", "--baseline", baseline, .. more]).IsReported(code: 1);
            Assert.Contains("metrics.csv has changed", answer.Error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Results_of_a_version_that_kept_no_hashes_are_read_and_said_to_be_unchecked()
    {
        const string Note = "1 finished run carries no hashes of its files, since an earlier version wrote it: "
            + "a change to the files would go unnoticed.";
        string definition = shell.Folder.Write("counting.yaml", TinyExperiment.Counting());
        Assert.Equal(0, shell.Run("run", definition).Code);
        Assert.DoesNotContain("no hashes", shell.Run("runs").Output, StringComparison.Ordinal);
        var run = new RunStore(shell.Results).ReadAll()[0];
        File.WriteAllText(Path.Combine(run.Folder, "status.json"), """{ "seconds": 1.5, "state": "finished" }""");

        Assert.Contains(Note, shell.Run("runs").Output, StringComparison.Ordinal);
        var plan = Plan.Of(DefinitionReader.Load(definition).Runs, new DataLibrary(shell.Cache), new RunStore(shell.Results));
        Assert.Equal("finished in 2 s, by a version that kept no hashes of its files",
            plan.Runs.Single(planned => planned.Id == run.Id).Why);
        Assert.StartsWith("2 runs, 2 finished already", shell.Run("run", definition).Output, StringComparison.Ordinal);
        BuiltReport.Build(shell.Results, shell.Folder["reports"]);
        Assert.Contains(Note, File.ReadAllText(shell.Folder["reports/tables/environment.md"]), StringComparison.Ordinal);
        Assert.Contains(Note, File.ReadAllText(shell.Folder["reports/index.html"]), StringComparison.Ordinal);

        string baseline = shell.Folder["ci/smoke.csv"];
        Directory.Delete(shell.Results, recursive: true);
        GuardedResults.Write(shell.Results, seeds: 5);
        Assert.Equal(0, shell.Run("regress", "--baseline", baseline, "--update", "--reason", "the first one").Code);
        File.WriteAllText(
            Path.Combine(new RunStore(shell.Results).ReadAll()[0].Folder, "status.json"),
            """{ "state": "finished", "seconds": 20 }""");
        Assert.StartsWith(Note, shell.Run("regress", "--baseline", baseline).Output, StringComparison.Ordinal);
    }

    // A digit of a number, as a slip in an editor changes it.
    private static void Change(string run)
    {
        string path = Path.Combine(run, "metrics.csv"), text = File.ReadAllText(path);
        int at = text.LastIndexOfAny(['1', '2', '3', '4', '5', '6', '7', '8']);
        File.WriteAllText(path, $"{text[..at]}9{text[(at + 1)..]}");
    }
}
