using System.Globalization;
using Bench.Cli.Differences;
using Bench.Results;
using Bench.Results.Metrics;
using Bench.Results.Runs;
using Xunit;

namespace Bench.Tests.Cli;

/// <summary>Commands that look after results: which there are, how two differ, what can go.</summary>
public sealed class ResultsCommandTests : IDisposable
{
    private static readonly EnvironmentRecord Place =
        new("c0ffee", ".NET 10", "2.6", "cpu", 2, "Linux", "A CPU", 2, 8192, new(2025, 4, 8, 9, 10, 11, TimeSpan.Zero));

    private readonly Shell shell = new();
    private readonly RunStore store;

    public ResultsCommandTests() => store = new RunStore(shell.Results);

    public void Dispose() => shell.Dispose();

    [Fact]
    public void Results_are_listed_compared_and_cleared_as_these_transcripts_show()
    {
        Make("quick", "ar", 1, 2.0, 0.03);
        Make("quick", "ar", 2, 2.1, 0.04, Place with { Threads = 1 });
        Make("quick", "mdlm", 1, null, 0);
        Make("judge", "ar", 1, 1.5, 0.01); // stored name
        using (var failed = store.Open(Definition("wide", "gidd", 1)))
        {
            failed.Begin(Definition("wide", "gidd", 1), Place);
            failed.Fail("training diverged at step 3", 4);
        }

        Directory.CreateDirectory(shell.Folder["results/runs/quick/0000000000000000"]);
        File.WriteAllText(shell.Folder["results/runs/.probe-77"], "probe");
        string first = Id("quick", "ar", 1), second = Id("quick", "ar", 2);
        GoldenFile.Matches("results-commands.txt", shell.Transcript(
            "runs",
            "runs --experiment quick",
            "runs --failed",
            "runs --experiment quik",
            $"diff {first} {second}",
            $"diff {first[..6]} {{folder}}/results/runs/quick/{first}",
            $"diff {first[..^1]}x nonsense",
            "diff",
            "gc",
            "gc --yes",
            "gc",
            "gc --all --yes",
            "gc --yse"));
        Assert.All(Directory.EnumerateFiles(shell.Results, "*.ckpt", SearchOption.AllDirectories),
            file => Assert.Contains(Id("quick", "mdlm", 1), file, StringComparison.Ordinal));
        Assert.False(Directory.Exists(shell.Folder["results/runs/quick/0000000000000000"]));
        Assert.Equal(5, store.ReadAll().Length);
    }

    [Fact]
    public void A_run_that_a_process_holds_is_active_and_cannot_be_removed()
    {
        Make("quick", "ar", 1, 2.0, 0.03);
        using var held = store.Open(Definition("quick", "ar", 1));
        Assert.Contains("Nothing under", shell.Run("gc", "--yes").Output, StringComparison.Ordinal);
        held.Write(new RunStatus(RunState.Running));
        Assert.Contains("at work", shell.Run("runs").Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_damaged_run_is_left_as_it_is_and_the_others_are_cleared()
    {
        Make("quick", "ar", 1, 2.0, 0.03);
        Make("quick", "ar", 2, 2.0, 0.03);
        Make("quick", "ar", 3, 2.0, 0.03);
        string damaged = store.FolderOf(Definition("quick", "ar", 1)), unread = store.FolderOf(Definition("quick", "ar", 2));
        File.WriteAllText(Path.Combine(damaged, "status.json"), "{ half a sta");
        File.WriteAllText(Path.Combine(unread, "metrics.csv"), "no number is needed to know that it has finished");
        foreach (string[] command in (string[][])[["gc"], ["gc", "--yes"]])
        {
            var answer = shell.Run(command);
            Assert.Equal(1, answer.Code);
            Assert.Contains($"{Path.GetFileName(damaged)}/status.json: this file is damaged", answer.Error, StringComparison.Ordinal);
            Assert.Equal(2, answer.Output.Split("checkpoints of a finished run").Length - 1);
        }

        Assert.Single(Directory.EnumerateFiles(shell.Results, "*.ckpt", SearchOption.AllDirectories),
            file => file.StartsWith(damaged, StringComparison.Ordinal));
    }

    [Theory, InlineData("log.txt", true), InlineData("checkpoints/step-000100.ckpt.4-1.tmp", true), InlineData("notes.md", false),
        InlineData(".mine", false)]
    [InlineData("checkpoints/step-000100.ckpt", false), InlineData("checkpoints/mine/notes.md", false),
        InlineData("link to log.txt", false), InlineData("link to checkpoints", false)]
    public void A_folder_without_a_run_is_removed_only_when_it_holds_no_other_file(string file, bool goes)
    {
        string run = Path.Combine(shell.Results, "runs", "quick", "0000000000000000"),
            path = Path.Combine(run, file.Replace("link to ", "", StringComparison.Ordinal));
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        if (file.StartsWith("link", StringComparison.Ordinal))
            File.CreateSymbolicLink(path, shell.Folder.Path);
        else
            File.WriteAllText(path, "mine");
        Assert.Equal(0, shell.Run("gc", "--yes").Code);
        Assert.Equal(!goes, Directory.Exists(run));
        Assert.Equal(!goes, Path.Exists(path));
    }

    [Fact]
    public void Numbers_of_another_protocol_or_count_are_not_compared()
    {
        Make("quick", "ar", 1, 2.0, 0.03);
        Make("quick", "ar", 2, 2.1, 0.04);
        using (var run = store.Open(Definition("quick", "ar", 2)))
        {
            run.Write([
                new Metric(LikelihoodMetrics.Likelihood.Name, Splits.Test, Units.BitsPerCharacter, 2.1, 0.04, 64, "every chunk"),
                new Metric(TrainingMetrics.Parameters.Name, Splits.None, Units.None, 1000, Count: 2),
            ]);
            run.Finish(62);
        }

        string[] said = shell.Run("diff", Id("quick", "ar", 1), Id("quick", "ar", 2)).Output.Split('\n');
        Assert.Matches(@"^likelihood +test +bits/char +2 +2\.1 +not comparable +–$",
            Assert.Single(said, line => line.StartsWith("likelihood", StringComparison.Ordinal)));
        Assert.Matches("not comparable +–$", Assert.Single(said, line => line.StartsWith("parameters", StringComparison.Ordinal)));
        Assert.Matches("0\\.1 +–$", Assert.Single(said, line => line.StartsWith("sample-entropy", StringComparison.Ordinal)));
        Assert.Single(said, line => line.StartsWith("not comparable: ", StringComparison.Ordinal));
    }

    [Fact]
    public void Files_that_no_array_holds_are_compared_too()
    {
        Make("quick", "ar", 1, 2.0, 0.03);
        Make("quick", "ar", 2, 2.0, 0.03);
        foreach (int seed in (int[])[1, 2])
        {
            using var file = File.Create(Path.Combine(store.FolderOf(Definition("quick", "ar", seed)), "checkpoints", "step-000200.ckpt"));
            file.WriteByte((byte)seed);
            file.SetLength((1L << 31) + 1); // a hole: it takes no room
        }

        var answer = shell.Run("diff", Id("quick", "ar", 1), Id("quick", "ar", 2));
        Assert.Equal(0, answer.Code);
        Assert.Contains("step-000200.ckpt", answer.Output, StringComparison.Ordinal);
    }

    [Theory, InlineData(0, false), InlineData(1, true), InlineData(1_500_000, true)]
    public void Files_differ_wherever_a_byte_does(int place, bool differ)
    {
        byte[] one = new byte[1_500_001], other = new byte[1_500_001];
        other[place] = (byte)(differ ? 1 : 0);
        foreach (var (folder, content) in ((string, byte[])[])[("a", one), ("b", other)])
            AtomicFile.Write(shell.Folder[$"{folder}/file"], content);
        Assert.Equal(differ ? 1 : 0, FileDifference.Of(shell.Folder["a"], shell.Folder["b"]).Rows.Length);
    }

    [Fact]
    public void Without_results_there_is_nothing_to_list_and_nothing_can_go()
    {
        Assert.Equal(0, shell.Run("gc", "--yes").Code);
        Assert.Contains("no run", shell.Run("runs").Output, StringComparison.Ordinal);
        Assert.False(Directory.Exists(shell.Results));
    }

    [Fact]
    public void An_ambiguous_prefix_of_a_run_id_is_refused()
    {
        for (int seed = 1; seed <= 17; seed++)
            Make("quick", "ar", seed, 2.0, 0.03);
        // Sixteen digits begin seventeen ids.
        string shared = store.ReadAll().GroupBy(run => run.Id[..1]).First(group => group.Count() > 1).Key;
        Assert.Contains($"runs have ids that begin with '{shared}'", shell.Run("diff", shared, shared).IsReported(code: 2).Error,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Some_runs_of_a_definition_are_run_alone_and_ids_that_are_none_are_refused()
    {
        string definition = shell.Folder.Write("counting.yaml", TinyExperiment.Counting());
        string id = shell.Run("plan", "--no-probe", definition).Output.Split('\n')
            .First(line => line.Contains("ngram-2", StringComparison.Ordinal)).Split(' ')[^1];
        Assert.Equal(0, shell.Run("run", definition, "--only", id[..8]).Code);
        Assert.Equal([id], store.ReadAll().Select(run => run.Id));
        GoldenFile.Matches("only.txt",
            shell.Transcript($"run {{folder}}/counting.yaml --only {id} nonsense {id[..^1]}x",
                $"run {{folder}}/counting.yaml --only {id}"));
    }

    [Fact]
    public void The_scorer_of_a_run_is_copied_with_it()
    {
        string definition = shell.Folder.Write("scored.yaml",
            TinyExperiment.Network()
                + "scorer: { model: { blocks: 1, width: 8, heads: 1 }, training: { steps: 4, batch-size: 2, precision: float32 } }\n");
        string id = shell.Run("plan", "--no-probe", definition).Output.Split('\n')
            .First(line => line.StartsWith("network mdlm", StringComparison.Ordinal)).Split(' ')[^1];
        Assert.StartsWith("2 runs, 0 finished already, 2 to do.", shell.Run("run", definition, "--only", id).Output,
            StringComparison.Ordinal);
        Assert.Equal(["judge", "network"], store.ReadAll().Select(run => run.Experiment)); // stored name
    }

    private static RunDefinition Definition(string experiment, string method, int seed) => RunDefinition.Parse(string.Create(
        CultureInfo.InvariantCulture,
        $$"""{ "experiment": "{{experiment}}", "method": "{{method}}", "seed": {{seed}}, """
        + $$""" "data": { "corpus": "toy", "hash": "abc" }, "training": { "steps": 100 } }"""));

    private static string Id(string experiment, string method, int seed) => RunId.Of(Definition(experiment, method, seed), "abc");

    // Without bits it is interrupted.
    private void Make(string experiment, string method, int seed, double? bits, double error, EnvironmentRecord? place = null)
    {
        var definition = Definition(experiment, method, seed);
        using var run = store.Open(definition);
        run.Begin(definition, place ?? Place);
        File.WriteAllText(Path.Combine(run.Checkpoints, "step-000100.ckpt"), new string('w', 1000 * seed));
        if (bits is null)
            return;
        run.Write(
            [
                new Metric(LikelihoodMetrics.Likelihood.Name, Splits.Test, Units.BitsPerCharacter, bits.Value, error, 64),
                new Metric(TrainingMetrics.Parameters.Name, Splits.None, Units.None, 1000),
            ]);
        run.WriteGeneration([new(new GenerationSetting("ancestral", 8), SampleEntropy.Metric.Name, "", Units.Nats, 1 + (seed / 10.0))]);
        run.Write(new Sample("sample-1", $"text {seed}"));
        run.Finish(62);
    }
}
