using Bench.Experiments.Planning;
using Bench.Experiments.Running;
using Bench.Results;
using Bench.Results.Runs;
using Xunit;

namespace Bench.Tests.Experiments;

/// <summary>The log of a run, and refusals for lack of space.</summary>
public sealed class RunLogTests
{
    [Fact]
    public void A_log_records_starts_stages_validations_interruptions_and_the_end()
    {
        using var place = new Workplace();
        using var stop = new CancellationTokenSource();
        var run = place.Plan("mdlm");
        place.Runner.Run(run, new Recorder(point => Stop(point.Step == 25, stop)), stop: stop.Token);
        place.Runner.Run(run, new Recorder());
        string[] log = Log(run);
        Assert.All(log, line => Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ \w", line));
        string[] expected =
        [
            "starts: host ", "training begins", "step 20 of 40: loss ", "interrupted after ",
            "goes on after step 25: host ", "training begins", "step 40 of 40: loss ", "validation begins", "test begins",
            "sampling begins", "finished after ",
        ];
        Assert.Equal(expected.Length, log.Length);
        Assert.All(expected.Zip(log), pair => Assert.StartsWith(pair.First, pair.Second[21..], StringComparison.Ordinal));
        Assert.Contains($"process {Environment.ProcessId}, ", log[0], StringComparison.Ordinal);
    }

    [Fact]
    public void A_loss_that_is_no_number_is_a_failure_with_step_advice_and_in_the_log_a_stack_trace()
    {
        using var place = new Workplace();
        var run = place.Plan("ar", spec => spec with { Training = spec.Training! with { LearningRate = 1e30, WarmupSteps = 0 } });
        var status = place.Runner.Run(run, new Recorder());
        Assert.Equal(RunState.Failed, status.State);
        Assert.Matches(@"diverged at step \d+", status.Reason);
        Assert.Contains("Lower training.learning-rate", status.Reason, StringComparison.Ordinal);
        string log = File.ReadAllText(Path.Combine(run.Folder, "log.txt"));
        Assert.Contains("   at Bench.Training.Trainer.Run", log, StringComparison.Ordinal);
        Assert.Contains("failed after ", log, StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_for_whose_checkpoints_there_is_no_room_is_refused_and_not_recorded()
    {
        using var place = new Workplace();
        var run = place.Plan("mdlm");
        long needed = RunCost.Of(run.Spec, run.Text).Disk;
        using var tight = new Runner(place.Library, place.Store, TimeProvider.System) { FreeBytes = _ => needed - 1 };
        var refusal = Assert.Throws<SuiteException>(() => tight.Run(run, new Recorder()));
        Assert.StartsWith($"{place.Store.Root}: 1 run leaves ", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("bench gc", refusal.Fix, StringComparison.Ordinal);
        Assert.Null(place.Plan("mdlm").State);

        // Space that it has used already is not needed again.
        using var stop = new CancellationTokenSource();
        using var enough = new Runner(place.Library, place.Store, TimeProvider.System) { FreeBytes = _ => needed };
        Assert.Equal(RunState.Running, enough.Run(run, new Recorder(point => Stop(point.Step == 25, stop)), stop: stop.Token).State);
        long there = Directory.EnumerateFiles(Path.Combine(run.Folder, "checkpoints")).Sum(file => new FileInfo(file).Length);
        using var rest = new Runner(place.Library, place.Store, TimeProvider.System) { FreeBytes = _ => needed - there };
        Assert.Equal(RunState.Finished, rest.Run(run, new Recorder()).State);
    }

    [Fact]
    public void A_checkpoint_takes_the_room_that_was_asked_for()
    {
        using var place = new Workplace();
        var run = place.Plan("mdlm");
        place.Finish(run);
        long bytes = new FileInfo(Assert.Single(Directory.GetFiles(Path.Combine(run.Folder, "checkpoints")))).Length;
        Assert.InRange(bytes, 16 * run.Spec.Parameters!.Value, (16 * run.Spec.Parameters!.Value) + 100_000);
    }

    [Fact]
    public void A_folder_that_is_opened_is_swept_but_links_and_other_files_stay()
    {
        using var place = new Workplace();
        var run = place.Plan("ngram-1");
        Directory.CreateDirectory(Path.Combine(run.Folder, "samples"));
        File.WriteAllText(Path.Combine(run.Folder, "samples", "sample-1.txt.4-1.tmp"), "half");
        File.WriteAllText(Path.Combine(run.Folder, "metrics.csv.4-1.tmp"), "half");
        File.WriteAllText(Path.Combine(run.Folder, "notes.md"), "mine");
        File.CreateSymbolicLink(Path.Combine(run.Folder, "link.tmp"), "/dev/null");
        using (RunFolder.Open(run.Folder))
            Assert.Equal(["link.tmp", "notes.md", "run.lock"],
                Directory.EnumerateFiles(run.Folder, "*", SearchOption.AllDirectories).Select(Path.GetFileName)
                    .Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_failure_from_outside_is_recorded_even_where_the_run_had_written_nothing()
    {
        using var place = new Workplace();
        var run = place.Plan("ar");
        Assert.Equal((RunState.Failed, "killed"), (place.Runner.Fail(run, "killed").State, place.Store.Read("tiny", run.Id).Status.Reason));
        var finished = place.Plan("ngram-1");
        place.Finish(finished);
        Assert.Equal(RunState.Finished, place.Runner.Fail(finished, "killed").State);
    }

    private static string[] Log(PlannedRun run) => File.ReadAllLines(Path.Combine(run.Folder, "log.txt"));

    private static void Stop(bool now, CancellationTokenSource stop)
    {
        if (now)
            stop.Cancel();
    }
}
