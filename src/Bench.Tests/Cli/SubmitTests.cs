using System.Diagnostics;
using Bench.Data;
using Bench.Experiments.Definitions;
using Bench.Experiments.Planning;
using Bench.Results.Runs;
using Xunit;

namespace Bench.Tests.Cli;

/// <summary><c>bench submit</c>, with stand-ins for Slurm's programs.</summary>
public sealed class SubmitTests : IDisposable
{
    private readonly Shell shell = new();
    private readonly string definition, profile;

    public SubmitTests()
    {
        definition = shell.Folder.Write("network.yaml",
            TinyExperiment.Network()
                + "scorer: { model: { blocks: 1, width: 8, heads: 1 }, training: { steps: 2, batch-size: 2, precision: float32 } "
                + "}\nseeds: [1, 2]\n");
        profile = shell.Folder.Write("profile.yml", "time: 01:00:00\n");
        shell.ClusterPrograms = Directory.CreateDirectory(shell.Folder["slurm"]).FullName;
    }

    public void Dispose() => shell.Dispose();

    [Fact]
    public void Scorers_come_first_the_array_waits_for_them_and_the_report_for_all()
    {
        Sbatch();
        var answer = Submit();
        Assert.Equal((0, ""), (answer.Code, answer.Error));
        Assert.StartsWith("3 runs, 0 finished, 3 to submit.\n", answer.Output, StringComparison.Ordinal);
        Assert.Contains("Submitted: scorers 1, runs 2, report 3\n", answer.Output, StringComparison.Ordinal);
        Assert.Contains("Cancel:    scancel 1 2 3\n", answer.Output, StringComparison.Ordinal);
        Assert.Equal(
            [
                "--parsable scorers.sh",
                "--parsable --dependency=afterok:1 --kill-on-invalid-dep=yes array.sh",
                "--parsable --dependency=afterany:1:2 report.sh",
            ],
            File.ReadAllLines(shell.Folder["asked"]));
    }

    [Theory]
    [InlineData("100M", 2, "GB of memory")] // not even one rank fits
    [InlineData("400M", 0, "Where Slurm puts all 2 ranks on one machine, whose memory is 400M, they do not fit")]
    [InlineData("4G", 0, "")]
    public void The_memory_of_ranks_is_held_against_that_of_a_machine(string memory, int code, string said)
    {
        File.AppendAllText(profile, $"ranks: 2\nmemory: {memory}\n");
        var answer = Submit("--dry-run");
        Assert.Equal(code, answer.Code);
        Assert.Contains(said, answer.Error, StringComparison.Ordinal);
        if (said.Length == 0)
            Assert.Equal("", answer.Error);
    }

    [Fact]
    public void A_dry_run_shows_the_scripts_and_submits_nothing()
    {
        Sbatch();
        var answer = Submit("--dry-run");
        Assert.Equal(0, answer.Code);
        Assert.Contains("== array.sh\n#!/bin/bash", answer.Output, StringComparison.Ordinal);
        Assert.EndsWith("/submit.sh'\n", answer.Output, StringComparison.Ordinal);
        Assert.False(File.Exists(shell.Folder["asked"]));
        Assert.True(File.Exists(Path.Combine(Only(), "submit.sh")));
        Assert.False(Directory.Exists(Path.Combine(shell.Results, "runs")));
    }

    [Fact]
    public void Without_sbatch_the_scripts_stay_and_the_way_to_submit_them_is_named()
    {
        var answer = Submit().IsReported(code: 1);
        Assert.Contains("there is no sbatch on the path", answer.Error, StringComparison.Ordinal);
        Assert.Contains($"bash '{Only()}/submit.sh'", answer.Error.Replace("{folder}", shell.Folder.Path, StringComparison.Ordinal),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Refusals_of_Slurm_are_reported_and_a_partial_submission_is_cancelled()
    {
        Sbatch(refused: "array.sh");
        Program("scancel", """echo "scancel $*" >> "$(dirname "$0")/../asked" """);
        var answer = Submit().IsReported(code: 1);
        Assert.Contains("invalid partition", answer.Error, StringComparison.Ordinal);
        Assert.Equal("scancel 1", File.ReadAllLines(shell.Folder["asked"])[^1]);
    }

    [Fact]
    public void Runs_that_are_finished_or_queued_are_not_submitted_again()
    {
        Sbatch();
        Submit();
        string job = $"bench-{Path.GetFileName(Only())}";
        Program("squeue", $"printf '1 {job}-scorers\\n2 {job}\\nN/A {job}-report\\n1 another\\n'");
        string[] ids = [.. File.ReadLines(Path.Combine(Only(), "runs.txt")).Select(line => line.Split(' ')[0])];

        // The scorer is in the queue as well; the run that is submitted needs it and waits for a job of its own for it.
        Assert.Contains("3 runs, 0 finished, 2 in the queue, 1 to submit.", Submit("--dry-run").Output, StringComparison.Ordinal);

        Assert.Equal(0, shell.Run("run", definition, "--only", ids[0]).Code);
        var answer = Submit();
        Assert.Contains("3 runs, 2 finished, 1 in the queue, nothing is left to submit.", answer.Output, StringComparison.Ordinal);
        Assert.Equal(3, File.ReadAllLines(shell.Folder["asked"]).Length);

        Program("squeue", "exit 1");
        Assert.Contains("3 runs, 2 finished, 1 to submit.", Submit("--dry-run").Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Jobs_run_as_submitted_after_changes_of_the_definition_and_its_profile()
    {
        Directory.CreateDirectory(shell.Folder["shared"]);
        Directory.CreateDirectory(shell.Folder["own"]);
        string shared = shell.Folder.Write("shared/small.yaml",
            "model: { blocks: 1, width: 8, heads: 1 }\ntraining: { steps: 4, batch-size: 2, precision: float32 }\n"
                + "sampling: { count: 0 }\n");
        string swept = shell.Folder.Write("own/swept.yaml",
            "name: swept\nquestion: \"Which: 8 or 16?\"\nprofile: ../shared/small.yaml\ndata: { corpus: markov-3-1-1-1, length: 16 "
                + "}\nmethods: [ar, mdlm]\nseeds: [1, 2]\nsweep: { model.width: [8, 16] }\n");
        string[] asked = Ids(swept);
        Assert.Equal(8, asked.Length);
        Assert.Equal(0, shell.Run("submit", swept, "--slurm", profile, "--dry-run").Code);
        File.Delete(shared);
        File.Delete(swept);
        string list = Path.Combine(Only(), "runs.jsonl");
        Assert.All(asked[..2], id => Assert.Equal(0, shell.Run("array-task", list, id).Code));
        Assert.Equal(asked[..2].Order(), new RunStore(shell.Results).ReadAll().Where(run => run.Status.State == RunState.Finished)
            .Select(run => run.Id).Order());
        string copies = Path.Combine(Only(), "definitions");
        Assert.Equal(asked, Ids(copies));
        Assert.Equal(asked.Order(), File.ReadLines(Path.Combine(Only(), "runs.txt")).Select(line => line.Split(' ')[0]).Order());
        var run = DefinitionReader.Load(copies).Runs[^1];
        Assert.Equal(("Which: 8 or 16?", "model.width"), (run.Question, string.Join(' ', run.Varied.Select(varied => varied.Key))));
    }

    [Fact]
    public void A_task_trains_the_scorer_that_it_needs_and_goes_on_where_it_was()
    {
        Submit("--dry-run");
        string list = Path.Combine(Only(), "runs.jsonl"), id = File.ReadLines(Path.Combine(Only(), "runs.txt")).First().Split(' ')[0];
        Assert.StartsWith("2 runs, 0 finished already, 2 to do.", shell.Run("array-task", list, id).Output, StringComparison.Ordinal);
        Assert.StartsWith("2 runs, 2 finished already, nothing is left to do.", shell.Run("array-task", list, id).Output,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{}\n", "this is no run"), InlineData("runs\n", "this is no run"), InlineData("", "has an id that begins with '12ab'")]
    public void A_list_without_the_run_is_refused(string list, string problem)
    {
        string file = shell.Folder.Write("runs.jsonl", list);
        Assert.Contains(problem, shell.Run("array-task", file, "12ab").IsReported(list.Length == 0 ? 2 : 1).Error,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_definition_without_a_profile_keeps_its_comments()
    {
        string commented = shell.Folder.Write("own.yaml", $"# Mine.\n{TinyExperiment.Counting()}");
        Assert.Equal(0, shell.Run("submit", commented, "--slurm", profile, "--dry-run").Code);
        Assert.Equal(File.ReadAllText(commented), File.ReadAllText(Path.Combine(Only(), "definitions", "own.yaml")));
    }

    [Fact]
    public void Problems_of_the_profile_and_of_the_definitions_are_reported_together()
    {
        string wrong = shell.Folder.Write("wrong.yml", "tim: 01:00:00\n"), bad = shell.Folder.Write("bad.yaml", "name: bad\n");
        var answer = shell.Run("submit", bad, "--slurm", wrong).IsReported(code: 2);
        Assert.Contains("unknown key 'tim'", answer.Error, StringComparison.Ordinal);
        Assert.Contains("Did you mean 'time'?", answer.Error, StringComparison.Ordinal);
        Assert.Contains("methods is missing", answer.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(shell.Results));
    }

    private Answer Submit(params string[] options) => shell.Run(["submit", definition, "--slurm", profile, .. options]);

    private string[] Ids(string definitions)
    {
        var reading = DefinitionReader.Load(definitions);
        Assert.Empty(reading.Problems);
        return [.. Plan.Of(reading.Runs, new DataLibrary(shell.Cache), new RunStore(shell.Results)).Runs.Select(run => run.Id)];
    }

    private string Only() => Assert.Single(Directory.GetDirectories(Path.Combine(shell.Results, "slurm")));

    // Writes down what it is asked and counts up.
    private void Sbatch(string refused = "nothing") => Program("sbatch", $$"""
        [[ ${@: -1} != {{refused}} ]] || { echo 'sbatch: error: invalid partition specified: gpu' >&2; exit 1; }
        asked=$(dirname "$0")/../asked
        echo "$*" >> "$asked"
        wc -l < "$asked"
        """);

    private void Program(string name, string bash)
    {
        string path = shell.Folder.Write($"slurm/{name}", $"#!/bin/bash\n{bash}\n");
        using var chmod = Process.Start("chmod", ["+x", path]);
        chmod.WaitForExit();
    }
}
