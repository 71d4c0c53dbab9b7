using Bench.Experiments.Definitions;
using Bench.Experiments.Planning;
using Bench.Experiments.Running;
using Bench.Results;
using Bench.Results.Runs;
using Xunit;

namespace Bench.Tests.Experiments;

/// <summary>Failures of runs.</summary>
public sealed class FailureTests
{
    [Fact]
    public void A_training_that_diverges_is_a_result_with_step_batch_and_checkpoint()
    {
        using var place = new Workplace();
        var run = place.Plan("mdlm", Diverging);
        var status = place.Runner.Run(run, new Recorder());
        Assert.Equal(RunState.Failed, status.State);
        Assert.Matches(
            @"diverged at step \d+: .* on examples \d+ to \d+; "
                + @"the last good checkpoint is .*step-\d{6}\.ckpt\. Lower training\.learning-rate", status.Reason);
        Assert.Equal(status, place.Store.Read("tiny", run.Id).Status);
        Assert.Contains("diverged", place.Plan("mdlm", Diverging).Why, StringComparison.Ordinal);
    }

    [Fact]
    public void A_failed_run_is_tried_again_only_when_asked_to()
    {
        using var place = new Workplace();
        var run = place.Plan("ar", Diverging);
        var first = place.Runner.Run(run, new Recorder());
        var recorder = new Recorder();
        Assert.Equal(first, place.Runner.Run(run, recorder));
        Assert.Empty(recorder.Stages);
        Assert.Equal(RunState.Failed, place.Runner.Run(run, recorder, retry: true).State);
        Assert.NotEmpty(recorder.Stages);
    }

    [Fact]
    public void A_damaged_checkpoint_is_reported_and_the_run_goes_on_once_it_is_deleted()
    {
        using var place = new Workplace();
        using var undisturbed = new Workplace();
        using var stop = new CancellationTokenSource();
        var run = place.Plan("ar");
        place.Runner.Run(run, new Recorder(point => Stop(point.Step == 25, stop)), stop: stop.Token);
        string newest = Directory.EnumerateFiles(Path.Combine(run.Folder, "checkpoints")).Max(StringComparer.Ordinal)!;
        byte[] bytes = File.ReadAllBytes(newest);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(newest, bytes);

        var failure = Assert.Throws<SuiteException>(() => place.Runner.Run(run, new Recorder()));
        Assert.Contains(newest, failure.Message, StringComparison.Ordinal);
        Assert.Contains("Delete the file", failure.Fix, StringComparison.Ordinal);
        Assert.Equal(RunState.Running, place.Store.Read("tiny", run.Id).Status.State);

        File.Delete(newest);
        var recorder = new Recorder();
        Assert.Equal(RunState.Finished, place.Runner.Run(run, recorder).State);
        Assert.Equal(21, recorder.Points[0].Step);
    }

    [Fact]
    public void A_run_that_another_process_holds_is_left_to_it()
    {
        using var place = new Workplace();
        var run = place.Plan("ngram-1");
        using (RunFolder.Open(run.Folder))
        {
            var status = place.Runner.Run(run, new Recorder());
            Assert.Equal(RunState.Running, status.State);
            Assert.Contains("another process", status.Reason, StringComparison.Ordinal);
            Assert.True(status.Waits);
        }

        Assert.Equal(RunState.Finished, place.Runner.Run(run, new Recorder()).State);
    }

    [Fact]
    public void Results_that_cannot_be_written_are_a_failure_of_the_place()
    {
        using var place = new Workplace();
        var store = new RunStore(place.Write("a-file", "not a folder"));
        var run = place.Plan("ngram-1") with { Folder = Path.Combine(store.Root, "runs", "tiny", "x") };
        var failure = Assert.Throws<SuiteException>(() => new Runner(place.Library, store, TimeProvider.System).Run(run, new Recorder()));
        Assert.NotEmpty(failure.Fix);
    }

    [Fact]
    public void A_text_that_is_too_short_is_said_before_anything_runs()
    {
        using var place = new Workplace();
        var run = place.Plan("ar", spec => spec with { Data = spec.Data with { Length = 5000 } });
        var failure = Assert.Throws<SuiteException>(() => place.Runner.Run(run, new Recorder()));
        Assert.Contains("5000", failure.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(run.Folder, "status.json")));
    }

    [Fact]
    public void A_text_that_changed_since_the_plan_is_not_mixed_with_the_old_one()
    {
        using var place = new Workplace();
        string file = place.Write("text.txt", string.Concat(Enumerable.Repeat("one text ", 100)));
        var specs = place.Read($"name: own\ndata: {{ corpus: '{file}', length: 8 }}\nmethods: [ngram-1]").Runs;
        var run = Plan.Of(specs, place.Library, place.Store).Runs[0];
        File.WriteAllText(file, string.Concat(Enumerable.Repeat("another text ", 100)));
        var changed = place.Read($"name: own\ndata: {{ corpus: '{file}', length: 8 }}\nmethods: [ngram-1]").Runs[0];
        Assert.Contains("has changed",
            Assert.Throws<SuiteException>(() => place.Runner.Run(run with { Spec = changed }, new Recorder())).Message,
            StringComparison.Ordinal);
    }

    // A first update of that size leaves no finite number.
    private static RunSpec Diverging(RunSpec spec) =>
        spec with { Training = spec.Training! with { LearningRate = 1e30, WarmupSteps = 0, CheckpointEvery = 1 } };

    private static void Stop(bool now, CancellationTokenSource stop)
    {
        if (now)
            stop.Cancel();
    }
}
