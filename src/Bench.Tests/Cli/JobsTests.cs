using Bench.Cli;
using Bench.Cli.Work;
using Bench.Experiments.Planning;
using Bench.Experiments.Running;
using Bench.Results.Runs;
using Bench.Tests.Data;
using Bench.Tests.Experiments;
using Xunit;

namespace Bench.Tests.Cli;

/// <summary>Runs side by side, each in a process of its own.</summary>
public sealed class JobsTests : IDisposable
{
    private const string Scored = """
        name: scored
        data: { corpus: markov-3-1-1-1, length: 16 }
        methods: [text, ngram-1, ar, mdlm]
        model: { blocks: 1, width: 8, heads: 1, condition-width: 4 }
        training: { steps: 30, batch-size: 2, precision: float32, log-every: 5, validate-every: 10, checkpoint-every: 10 }
        evaluation: { sequences: 8, draws: 2 }
        sampling: { count: 2, steps: 8 }
        scorer:
          model: { blocks: 1, width: 8, heads: 1 }
          training: { steps: 20, batch-size: 2, precision: float32, log-every: 5, validate-every: 10, checkpoint-every: 10 }

        """;

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Parallel_runs_give_the_metrics_of_sequential_runs_and_scorers_come_first()
    {
        string definition = folder.Write("scored.yaml", Scored);
        using var alone = new BenchProcess(folder.Path, "run", definition, "--threads", "1", "--results", "alone");
        Assert.Equal((0, ""), (alone.End().Code, alone.End().Error));
        using var many = new BenchProcess(folder.Path, "run", definition, "--threads", "1", "--jobs", "3");
        var answer = many.End();
        Assert.Equal((0, ""), (answer.Code, answer.Error));
        string first = "[1/5] judge ar seed 1: not begun\n"; // stored name
        Assert.StartsWith($"5 runs, 0 finished already, 5 to do.\n{first}", answer.Output, StringComparison.Ordinal);
        // stored name
        int trained = answer.Output.IndexOf("judge ar seed 1: finished", StringComparison.Ordinal),
            begun = answer.Output.IndexOf("[2/5]", StringComparison.Ordinal);
        Assert.InRange(trained, 0, begun);
        Assert.Equal(Facts.Of(folder["alone"]), Facts.Of(folder["results"]));
        Assert.Empty(Facts.Strays(folder["results"]));
    }

    [Fact]
    public void A_scorer_has_all_cores_the_others_share_them_and_a_definition_that_goes_once_they_have_begun_is_not_missed()
    {
        const string Scorer = "judge"; // stored name
        string definition = folder.Write("scored.yaml", Scored);
        using var bench = new BenchProcess(folder.Path, "run", definition, "--jobs", "2");
        // stored name; the others, in processes that are yet to begin, wait for it
        Assert.True(bench.WaitUntil(process => process.HasSaid("judge ar seed 1")));
        File.Delete(definition);
        Assert.Equal((0, ""), (bench.End().Code, bench.End().Error));
        var runs = new RunStore(folder["results"]).ReadAll();
        Assert.All(runs, run => Assert.Equal(RunState.Finished, run.Status.State));
        Assert.All(runs.Where(run => run.Method is "ar" or "mdlm"),
            run => Assert.Equal(run.Experiment == Scorer ? Environment.ProcessorCount : Math.Max(1, Environment.ProcessorCount / 2),
                run.Environment!.Threads));
    }

    [Fact]
    public void A_run_whose_process_is_killed_is_a_failure_and_the_others_go_on()
    {
        string endless = folder.Write("network.yaml", TinyExperiment.Network(steps: 100_000_000)),
            counting = folder.Write("counting.yaml", TinyExperiment.Counting());
        using var bench = new BenchProcess(folder.Path, "run", endless, counting, "--jobs", "2");
        Assert.True(bench.WaitUntil(process => process.HasSaid("ngram-2 seed 1: finished") && Found("*.ckpt")));
        // The other worker has nothing to do any more, but only one of them holds a run.
        foreach (int child in bench.Children)
            BenchProcess.Signal("KILL", child);
        var answer = bench.End();
        Assert.Equal(1, answer.Code);
        Assert.Contains("mdlm seed 1 failed: its process was killed (signal 9)", answer.Error, StringComparison.Ordinal);
        var runs = new RunStore(folder["results"]).ReadAll();
        Assert.Equal([RunState.Finished, RunState.Finished, RunState.Failed], runs.Select(run => run.Status.State));
        Assert.Contains("Lower training.batch-size", runs[^1].Status.Reason, StringComparison.Ordinal);
        Assert.Contains("failed: its process was killed", File.ReadAllText(Path.Combine(runs[^1].Folder, "log.txt")),
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_terminated_process_fails_no_run()
    {
        using var bench = new BenchProcess(folder.Path, "run", Endless(), "--jobs", "2");
        Assert.True(bench.WaitUntil(process => process.Children.Length == 2 && Runs().Length == 2));
        foreach (int child in bench.Children)
            BenchProcess.Signal("TERM", child);
        Assert.True(
            bench.WaitUntil(_ => Runs().All(run => Directory.EnumerateFiles(run, "*.ckpt", SearchOption.AllDirectories).Any()))
                || bench.End().Code == 1);
        bench.Signal("INT");
        bench.End();
        Assert.All(new RunStore(folder["results"]).ReadAll(), run => Assert.Equal(RunState.Running, run.Status.State));
    }

    [Theory, InlineData("KILL", "killed (signal 9)"), InlineData("TERM", "ended by signal 15")]
    public void A_run_whose_processes_end_before_it_has_begun_is_tried_three_times(string signal, string why)
    {
        using var place = new Workplace();
        var run = place.Plan("ar");
        var environment = new CliEnvironment(TextWriter.Null, TextWriter.Null) { Patience = TimeSpan.Zero };
        var orders = new WorkerOrders(["sh", "-c", $"echo >> '{folder["tries"]}'; kill -{signal} $$"], place.Store.Root, folder["cache"],
            Threads: 1, ScorerThreads: 1, Retry: false, Force: false);
        new ParallelScheduler(environment, place.Runner, orders, jobs: 2).CarryOut(new RunQueue([run]), new Recorder());
        Assert.Equal(3, File.ReadAllLines(folder["tries"]).Length);
        var status = place.Store.Read("tiny", run.Id).Status;
        Assert.Equal(RunState.Failed, status.State);
        Assert.Contains(why, status.Reason, StringComparison.Ordinal);
    }

    [Theory, InlineData(true), InlineData(false)]
    public void Force_is_passed_on_to_other_processes(bool force)
    {
        var orders = new WorkerOrders(["bench"], "results", "cache", Threads: 1, ScorerThreads: 1, Retry: false, force).Start();
        Assert.Equal(force, orders.ArgumentList.Contains("--force"));
        using var shell = new Shell();
        string[] words = [.. orders.ArgumentList.TakeWhile(word => word != "--results")];
        Assert.Equal(0, shell.Run(words).Code); // its input is closed
    }

    [Fact]
    public void Ctrl_C_reaches_all_processes_and_each_keeps_a_checkpoint()
    {
        using var bench = new BenchProcess(folder.Path, "run", Endless(), "--jobs", "2");
        Assert.True(
            bench.WaitUntil(
                _ => Runs().Length == 2 && Runs().All(run => Directory.EnumerateFiles(run, "*.ckpt", SearchOption.AllDirectories).Any())));
        bench.Signal("INT");
        var answer = bench.End();
        Assert.Equal(130, answer.Code);
        Assert.StartsWith("Interrupted.", answer.Error, StringComparison.Ordinal);
        Assert.All(new RunStore(folder["results"]).ReadAll(), run => Assert.Equal(RunState.Running, run.Status.State));
        Assert.All(Runs(), run => Assert.False(RunFolder.IsHeld(run)));
        Assert.Empty(Facts.Strays(folder["results"]));
    }

    [Fact]
    public void A_worker_stops_when_its_parent_has_died()
    {
        using var bench = new BenchProcess(folder.Path, "run", Endless(), "--jobs", "2");
        Assert.True(bench.WaitUntil(_ => Runs().Length == 2 && Found("*.ckpt")));
        bench.Signal("KILL");
        Assert.Equal(137, bench.End().Code);
        // A test that hangs here has found an orphan.
        using var never = new ManualResetEventSlim();
        while (Runs().Any(RunFolder.IsHeld))
            never.Wait(20);
        Assert.All(Runs(),
            run => Assert.Contains(" interrupted after ", File.ReadAllText(Path.Combine(run, "log.txt")), StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("many")]
    public void An_invalid_number_of_jobs_is_refused(string jobs)
    {
        using var shell = new Shell();
        var answer = shell.Run("run", shell.Folder.Write("counting.yaml", TinyExperiment.Counting()), "--jobs", jobs).IsReported(code: 2);
        Assert.Contains($"--jobs: '{jobs}' is not a whole number from 1 to 1024", answer.Error, StringComparison.Ordinal);
    }

    private string Endless() => folder.Write("network.yaml", TinyExperiment.Network(steps: 100_000_000, method: "mdlm, ar"));

    private string[] Runs() =>
        Directory.Exists(folder["results/runs/network"]) ? Directory.GetDirectories(folder["results/runs/network"]) : [];

    private bool Found(string pattern) =>
        Directory.Exists(folder["results"]) && Directory.EnumerateFiles(folder["results"], pattern, SearchOption.AllDirectories).Any();
}
