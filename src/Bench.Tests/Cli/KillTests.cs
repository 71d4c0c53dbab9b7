using System.Globalization;
using Bench.Results.Runs;
using Bench.Tests.Data;
using Xunit;

namespace Bench.Tests.Cli;

/// <summary>Killed processes, resumed by the same command.</summary>
public sealed class KillTests : IDisposable
{
    private const string All = "ngram-1, mdlm, ar", Network = """
        name: killed
        data: { corpus: markov-3-1-1-1, length: 16 }
        methods: [METHODS]
        model: { blocks: 1, width: 8, heads: 1, condition-width: 4 }
        training: { steps: 200, batch-size: 2, precision: float32, log-every: 1, validate-every: 50, checkpoint-every: 20 }
        evaluation: { sequences: 8, draws: 2 }
        sampling: { count: 2, steps: 8 }

        """;

    private readonly TemporaryFolder folder = new();

    private string Results => folder["results"];

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Runs_that_are_killed_three_times_end_with_the_same_bytes_and_leave_no_file()
    {
        string definition = Definition("ngram-1, mdlm");
        using (var whole = new BenchProcess(folder.Path, "run", definition, "--results", folder["whole"]))
            Assert.Equal(0, whole.End().Code);

        // A first checkpoint, one of a run that went on, and a run that has just been measured.
        Func<bool>[] moments = [() => Checkpoint(1), () => Checkpoint(101),
            () => Log().Contains("step 200 of 200", StringComparison.Ordinal)];
        foreach (var isNow in moments)
        {
            using var bench = new BenchProcess(folder.Path, "run", definition);
            Assert.True(bench.WaitUntil(_ => isNow()));
            bench.Signal("KILL");
            Assert.Equal(137, bench.End().Code);
        }

        string unfinished = Directory.GetDirectories(Path.Combine(Results, "runs", "killed"))
            .First(run => !File.ReadAllText(Path.Combine(run, "definition.json")).Contains("ngram", StringComparison.Ordinal));
        File.WriteAllText(Path.Combine(unfinished, "status.json.1-1.tmp"), "half of it");
        File.WriteAllText(Path.Combine(unfinished, "checkpoints", "step-000200.ckpt.1-1.tmp"), "half of it");
        File.WriteAllText(Path.Combine(Results, "runs", ".probe-1"), "");
        using (var last = new BenchProcess(folder.Path, "run", definition))
            Assert.Equal(0, last.End().Code);
        Assert.Equal(Facts.Of(folder["whole"]), Facts.Of(Results));
        Assert.Empty(Facts.Strays(Results));
        Assert.Contains(" goes on after step ", Log(), StringComparison.Ordinal);
    }

    [Fact]
    public void Two_processes_share_a_plan_and_both_end_well()
    {
        string definition = Definition();
        using var first = new BenchProcess(folder.Path, "run", definition);
        using var second = new BenchProcess(folder.Path, "run", definition);
        var answers = new[] { first.End(), second.End() };
        Assert.All(answers, answer => Assert.Equal((0, ""), (answer.Code, answer.Error)));
        var runs = new RunStore(Results).ReadAll();
        Assert.Equal(3, runs.Length);
        Assert.All(runs, run => Assert.Equal(RunState.Finished, run.Status.State));
        Assert.Equal(3, Log().Split('\n').Count(line => line.Contains(" starts: ", StringComparison.Ordinal)));
        Assert.Empty(Facts.Strays(Results));
    }

    [Fact]
    public void A_run_that_another_process_holds_is_waited_for_and_taken_over()
    {
        string definition = Definition();
        using var first = new BenchProcess(folder.Path, "run", definition);
        Assert.True(first.WaitUntil(_ => Checkpoint(1)));
        first.Signal("STOP");
        using var second = new BenchProcess(folder.Path, "run", definition);
        Assert.True(second.WaitUntil(bench => bench.HasSaid("waits: another process is at work on this run")));
        first.Signal("KILL");
        Assert.Equal(0, second.End().Code);
        Assert.True(second.HasSaid("the other process has ended; going on"));
        Assert.Equal(RunState.Finished, new RunStore(Results).ReadAll().Select(run => run.Status.State).Distinct().Single());
    }

    [Fact]
    public void Ctrl_C_ends_the_waiting()
    {
        string definition = folder.Write("counting.yaml", TinyExperiment.Counting());
        using (var first = new BenchProcess(folder.Path, "run", definition))
            Assert.Equal(0, first.End().Code);
        string run = Directory.GetDirectories(Path.Combine(Results, "runs", "counting"))[0];
        File.Delete(Path.Combine(run, "status.json"));
        using var held = RunFolder.Open(run);
        using var second = new BenchProcess(folder.Path, "run", definition);
        Assert.True(second.WaitUntil(bench => bench.HasSaid("waits:")));
        second.Signal("INT");
        Assert.Equal(130, second.End().Code);
    }

    private string Definition(string methods = All) =>
        folder.Write("killed.yaml", Network.Replace("METHODS", methods, StringComparison.Ordinal));

    private bool Checkpoint(int least) =>
        Directory.Exists(Results) && Directory.EnumerateFiles(Results, "step-*.ckpt", SearchOption.AllDirectories)
        .Any(file => int.Parse(Path.GetFileNameWithoutExtension(file)["step-".Length..], CultureInfo.InvariantCulture) >= least);

    private string Log() =>
        string.Concat(
            Directory.Exists(Results) ? Directory.EnumerateFiles(Results, "log.txt", SearchOption.AllDirectories).Select(ReadShared) : []);

    private static string ReadShared(string file)
    {
        using var reader = new StreamReader(new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        return reader.ReadToEnd();
    }
}
