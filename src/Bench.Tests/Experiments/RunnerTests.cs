using Bench.Experiments.Planning;
using Bench.Experiments.Running;
using Bench.Results;
using Bench.Results.Metrics;
using Bench.Results.Runs;
using Xunit;

namespace Bench.Tests.Experiments;

/// <summary>From a definition to results, on a text whose entropy is known.</summary>
public sealed class RunnerTests
{
    // These differ from one execution to the next; nothing else may.
    private static readonly string[] Timings = [TrainingMetrics.Speed.Name, TrainingMetrics.WallTime.Name, TrainingMetrics.PeakMemory.Name];
    private static readonly string[] Speeds =
    [
        GenerationCosts.TokensPerSecond.Name,
        GenerationCosts.SequencesPerSecond.Name,
        GenerationCosts.FirstToken.Name,
    ];

    [Theory, InlineData("ngram-1"), InlineData("ngram-2"), InlineData("ar"), InlineData("mdlm")]
    public void No_reported_likelihood_is_below_the_entropy_of_the_text(string method)
    {
        using var place = new Workplace();
        var record = place.Finish(place.Plan(method));
        Assert.Equal(RunState.Finished, record.Status.State);
        foreach (string split in new[] { Splits.Validation, Splits.Test })
        {
            var bound = record.Find(LikelihoodMetrics.Likelihood, split)!;
            var truth = record.Find(LikelihoodMetrics.TrueEntropy, split)!;
            Assert.True(bound.Value >= truth.Value - (3 * bound.StandardError!.Value),
                $"{split}: {bound.Value} bits reported, {truth.Value} in truth");
            Assert.InRange(truth.Value, 0, 2);
            Assert.Equal((64, 64), (bound.Count!.Value, truth.Count!.Value));
        }
    }

    [Fact]
    public void An_n_gram_of_the_right_order_reaches_the_entropy_of_the_text()
    {
        using var place = new Workplace();
        var record = place.Finish(place.Plan("ngram-2"));
        Assert.InRange(
            record.Find(LikelihoodMetrics.Likelihood, Splits.Test)!.Value - record.Find(LikelihoodMetrics.TrueEntropy, Splits.Test)!.Value,
            -0.01,
            0.01);
    }

    [Fact]
    public void A_run_leaves_its_numbers_its_curve_its_texts_and_its_last_weights()
    {
        using var place = new Workplace();
        var run = place.Plan("mdlm");
        var recorder = new Recorder();
        place.Runner.Run(run, recorder);
        var record = place.Store.Read("tiny", run.Id);

        string[] expected =
        [
            LikelihoodMetrics.Likelihood.Name, LikelihoodMetrics.Nats.Name, LikelihoodMetrics.Perplexity.Name,
            BoundMetrics.Diffusion.Name, BoundMetrics.Prior.Name, BoundMetrics.Reconstruction.Name,
            TrainingMetrics.Parameters.Name, TrainingMetrics.Tokens.Name, TrainingMetrics.Steps.Name, .. Timings,
        ];
        Assert.Empty(expected.Except(record.Metrics.Select(metric => metric.Name)));
        Assert.Empty(Speeds.Append(SampleEntropy.Metric.Name).Except(record.Generation.Select(row => row.Name)));
        Assert.Equal(40 * 8 * 16, record.Find(TrainingMetrics.Tokens)!.Value);
        Assert.Equal(run.Spec.Parameters!.Value, record.Find(TrainingMetrics.Parameters)!.Value);
        double Test(string name) => record.Find(name, Splits.Test)!.Value;
        Assert.Equal(
            Test(LikelihoodMetrics.Nats.Name),
            Test(BoundMetrics.Diffusion.Name) + Test(BoundMetrics.Prior.Name) + Test(BoundMetrics.Reconstruction.Name),
            12);

        Assert.Equal(Enumerable.Range(1, 40).Select(step => (long)step), record.Curve.Select(point => point.Step));
        Assert.Equal([20L, 40L], record.Curve.Where(point => point.ValidationBits is not null).Select(point => point.Step));
        Assert.Equal(recorder.Points, record.Curve.AsEnumerable());
        Assert.Equal(["sample-1", "sample-2", "sample-3"], record.Samples.Select(sample => sample.Name));
        Assert.All(record.Samples, sample => Assert.Equal(16, sample.Text.Split(' ').Count(symbol => int.Parse(symbol) is >= 0 and < 4)));
        Assert.Equal(["step-000040.ckpt"], Directory.EnumerateFiles(Path.Combine(run.Folder, "checkpoints")).Select(Path.GetFileName));
        Assert.Contains("float32", record.Environment!.Device, StringComparison.Ordinal);
        Assert.Equal(["training", "validation", "test", "sampling"], recorder.Stages.Distinct());
    }

    [Fact]
    public void A_finished_run_is_left_alone()
    {
        using var place = new Workplace();
        var run = place.Plan("ar");
        place.Finish(run);
        var before = Contents(run.Folder);
        var recorder = new Recorder();
        Assert.Equal(RunState.Finished, place.Runner.Run(run, recorder).State);
        Assert.Empty(recorder.Stages);
        Assert.Equal(before, Contents(run.Folder));
        Assert.Equal(RunState.Finished, place.Plan("ar").State);
    }

    [Theory, InlineData("ar"), InlineData("mdlm"), InlineData("ngram-2")]
    public void The_same_definition_gives_the_same_bytes(string method)
    {
        using var place = new Workplace();
        using var other = new Workplace();
        PlannedRun here = place.Plan(method), there = other.Plan(method);
        place.Finish(here);
        other.Finish(there);
        Assert.Equal(here.Id, there.Id);
        Assert.Equal(Reproducible(here.Folder), Reproducible(there.Folder));
        Assert.Equal(File.ReadAllText(Path.Combine(here.Folder, "definition.json")),
            File.ReadAllText(Path.Combine(there.Folder, "definition.json")));
    }

    [Theory, InlineData("ar", 1), InlineData("ar", 27), InlineData("mdlm", 13), InlineData("mdlm", 30), InlineData("mdlm", 39)]
    public void A_run_that_is_stopped_goes_on_to_the_same_numbers(string method, int step)
    {
        using var place = new Workplace();
        using var undisturbed = new Workplace();
        using var stop = new CancellationTokenSource();
        var run = place.Plan(method);
        var stopped = place.Runner.Run(run, new Recorder(point => Stop(point.Step == step, stop)), stop: stop.Token);
        Assert.Equal(RunState.Running, stopped.State);
        Assert.NotNull(stopped.Reason);
        Assert.Equal((RunState.Running, $"interrupted: goes on after step {step} of 40"),
            (place.Plan(method).State, place.Plan(method).Why));

        var recorder = new Recorder();
        Assert.Equal(RunState.Finished, place.Runner.Run(run, recorder).State);
        Assert.Equal(step + 1, recorder.Points[0].Step);
        var whole = undisturbed.Plan(method);
        undisturbed.Finish(whole);
        Assert.Equal(Reproducible(whole.Folder), Reproducible(run.Folder));
    }

    [Theory, InlineData("ar", 5), InlineData("ar", 24), InlineData("mdlm", 10), InlineData("mdlm", 35)]
    public void A_run_that_is_killed_goes_on_from_its_last_checkpoint_to_the_same_numbers(string method, int step)
    {
        using var place = new Workplace();
        using var undisturbed = new Workplace();
        var run = place.Plan(method);
        Assert.Throws<InvalidTimeZoneException>(() => place.Runner.Run(run, new Recorder(point => Die(point.Step == step))));
        File.WriteAllText(Path.Combine(run.Folder, "checkpoints", "step-000040.ckpt.123.tmp"), "half a checkp");

        var recorder = new Recorder();
        Assert.Equal(RunState.Finished, place.Runner.Run(run, recorder).State);
        Assert.Equal(((step - 1) / 10 * 10) + 1, recorder.Points[0].Step); // a checkpoint every ten steps, written after the row
        var whole = undisturbed.Plan(method);
        undisturbed.Finish(whole);
        Assert.Equal(Reproducible(whole.Folder), Reproducible(run.Folder));
        Assert.Single(Directory.EnumerateFiles(Path.Combine(run.Folder, "checkpoints")));
    }

    [Fact]
    public void A_run_that_is_stopped_while_it_is_measured_goes_on_without_training()
    {
        using var place = new Workplace();
        using var stop = new CancellationTokenSource();
        var run = place.Plan("mdlm");
        Assert.Equal(RunState.Running, place.Runner.Run(run, new Recorder(point => Stop(point.Step == 40, stop)), stop: stop.Token).State);
        var recorder = new Recorder();
        Assert.Equal(RunState.Finished, place.Runner.Run(run, recorder).State);
        Assert.Empty(recorder.Points);
        Assert.Equal(40, place.Store.Read("tiny", run.Id).Curve.Length);
    }

    private static void Stop(bool now, CancellationTokenSource stop)
    {
        if (now)
            stop.Cancel();
    }

    // An exception that no code catches, as if the process had died there.
    private static void Die(bool now)
    {
        if (now)
            throw new InvalidTimeZoneException();
    }

    private static IEnumerable<string> Reproducible(string folder) =>
    [
        .. File.ReadLines(Path.Combine(folder, "metrics.csv")).Where(row => !Timings.Contains(row.Split(',')[0])),
        .. File.ReadLines(Path.Combine(folder, "generation.csv")).Where(row => !Speeds.Contains(row.Split(',')[6])),
        .. Directory.EnumerateFiles(Path.Combine(folder, "samples")).Order(StringComparer.Ordinal).Select(File.ReadAllText),
    ];

    private static IEnumerable<string> Contents(string folder) =>
        [.. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Order()
            .Select(path => $"{path} {Convert.ToHexString(File.ReadAllBytes(path))}")];
}
