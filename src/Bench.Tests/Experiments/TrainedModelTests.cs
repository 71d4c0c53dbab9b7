using Bench.Data;
using Bench.Experiments.Planning;
using Bench.Experiments.Running;
using Bench.Results;
using Bench.Results.Metrics;
using Bench.Results.Runs;
using Bench.Sampling;
using Bench.Training;
using Xunit;

namespace Bench.Tests.Experiments;

/// <summary>A finished run, loaded again.</summary>
public sealed class TrainedModelTests
{
    [Theory, InlineData("ar"), InlineData("mdlm")]
    public void The_samples_of_a_run_can_be_drawn_again(string method)
    {
        using var place = new Workplace();
        var run = place.Plan(method);
        var record = place.Finish(run);
        using var model = TrainedModel.Load(run.Folder);
        Assert.Equal((40, 16), (model.Step, model.Length));
        var generation = TextGenerator.Of(model, new()).Writer!.Write(count: 3, seed: 1);
        Assert.Equal(record.Samples.Select(sample => sample.Text.TrimEnd()),
            generation.Sequences.Select(sequence => model.Tokenizer.Decode(sequence)));
    }

    [Fact]
    public void A_network_that_Muon_trained_is_loaded_with_its_average_or_as_it_is()
    {
        using var place = new Workplace();
        var run = place.Plan("mdlm", spec => spec with { Training = spec.Training! with { Optimiser = new MuonChoice() } });
        var record = place.Finish(run);
        Assert.Equal("muon", record.Definition.Text("training.optimizer.kind"));
        using var average = TrainedModel.Load(run.Folder);
        using var raw = TrainedModel.Load(run.Folder, raw: true);
        Assert.Equal((40, 40), (average.Step, raw.Step));
        Assert.NotEqual(Weights(average), Weights(raw));
        Assert.Equal(record.Samples.Select(sample => sample.Text.TrimEnd()),
            TextGenerator.Of(average, new()).Writer!.Write(count: 3, seed: 1).Sequences.Select(one => average.Tokenizer.Decode(one)));

        static float[] Weights(TrainedModel model) =>
            [.. model.Network.parameters().SelectMany(parameter => parameter.detach().cpu().data<float>().ToArray())];
    }

    [Fact]
    public void Any_text_file_can_be_evaluated_and_gives_the_numbers_of_the_run_on_its_own_test_text()
    {
        using var place = new Workplace();
        var run = place.Plan("ar", spec => spec with { Evaluation = spec.Evaluation with { Sequences = 1000 } });
        var record = place.Finish(run);
        using var data = run.Spec.Data.Open(place.Library);
        string file = place.Write("test.txt", data.Tokenizer.Decode(data[Split.Test].ToArray()));
        using var model = TrainedModel.Load(run.Folder);
        var likelihood = model.Evaluate(file).Single(metric => metric.Name == LikelihoodMetrics.Likelihood.Name);
        var expected = record.Find(LikelihoodMetrics.Likelihood, Splits.Test)!;
        Assert.Equal(expected with { Split = "test.txt" }, likelihood);
    }

    [Fact]
    public void An_interrupted_run_can_be_sampled_from()
    {
        using var place = new Workplace();
        using var stop = new CancellationTokenSource();
        var run = place.Plan("mdlm");
        place.Runner.Run(run, new Recorder(_ => stop.Cancel()), stop: stop.Token);
        using var model = TrainedModel.Load(run.Folder);
        Assert.Equal(1, model.Step);
        Assert.Equal(2, TextGenerator.Of(model, new() { Steps = 4 }).Writer!.Write(count: 2, seed: 3).Sequences.Length);
    }

    [Fact]
    public void A_run_without_a_network_is_reported()
    {
        using var place = new Workplace();
        var run = place.Plan("ngram-1");
        Assert.Contains("no run folder", Assert.Throws<SuiteException>(() => TrainedModel.Load(run.Folder)).Message,
            StringComparison.Ordinal);
        place.Finish(run);
        Assert.Contains("no weights", Assert.Throws<SuiteException>(() => TrainedModel.Load(run.Folder)).Message, StringComparison.Ordinal);
        var network = place.Plan("ar");
        place.Finish(network);
        Directory.Delete(Path.Combine(network.Folder, "checkpoints"), recursive: true);
        Assert.Contains("no checkpoint", Assert.Throws<SuiteException>(() => TrainedModel.Load(network.Folder)).Message,
            StringComparison.Ordinal);
    }
}
