using Bench.Reporting.Regression;
using Bench.Results;
using Xunit;

namespace Bench.Tests.Reporting.Regression.Mutants;

/// <summary>A gate is worth what it catches. Each mistake here is one that was made in some public code base; sound code with a seed that the baseline has not seen passes.</summary>
public sealed class MutantTests(SoundBaselines sound) : IClassFixture<SoundBaselines>
{
    private const ulong Seed = 11;

    [Theory, InlineData("mdlm", 11), InlineData("mdlm", 12), InlineData("ar", 11), InlineData("ar", 12)]
    public void Sound_code_with_another_seed_passes(string method, ulong seed)
    {
        using var trial = new Trial(method);
        trial.Run(seed);
        var check = RegressionCheck.Of(sound.Of(method), trial.Results);
        Assert.True(check.Rows.Length > 6);
        Assert.All(check.Rows, row => Assert.False(row.Fails, row.Sentence));
    }

    [Fact]
    public void A_weight_of_the_objective_that_is_doubled_for_half_of_the_times_is_caught_by_the_bound()
    {
        using var trial = new Trial("mdlm");
        trial.Run(Seed, method => method with { Objective = problem => new DoubledWeight(method.Objective(problem)) });
        var check = RegressionCheck.Of(sound.Of("mdlm"), trial.Results);
        AssertWorse(check, MetricNames.Likelihood, Splits.Validation);
        AssertWorse(check, MetricNames.Likelihood, Splits.Test);
    }

    [Fact]
    public void An_average_of_the_weights_that_never_left_the_start_is_caught_by_bound_and_texts()
    {
        using var trial = new Trial("mdlm");
        using var stop = new CancellationTokenSource();
        var run = trial.Plan(Seed);
        long last = run.Spec.Training!.Steps - run.Spec.Training.LogEvery;
        trial.Run(run, point => StopAt(point.Step == last, stop), stop.Token);
        LostAverage.In(Directory.EnumerateFiles(Path.Combine(run.Folder, "checkpoints"), "*.ckpt").Single(), run.Spec);
        trial.Run(run);
        Assert.Equal(RunState.Finished, trial.Results.Methods.Single().Runs.Single().Status.State);
        var check = RegressionCheck.Of(sound.Of("mdlm"), trial.Results);
        AssertWorse(check, MetricNames.Likelihood, Splits.Test);
        Assert.Contains(check.Failures, row => row.Metric.Metric == "generative-nats");
    }

    [Fact]
    public void Cached_positions_that_begin_at_zero_are_caught_by_the_texts_alone()
    {
        using var trial = new Trial("ar");
        var run = trial.Run(Seed);
        var before = trial.Results.Methods.Single().Runs.Single().Generation;

        // The same way of generating without the mistake gives the run's own numbers.
        trial.Generate(run, network => network);
        var again = trial.Results.Methods.Single().Runs.Single().Generation;
        Assert.Equal(Truth(before), Truth(again), 12);
        Assert.False(RegressionCheck.Of(sound.Of("ar"), trial.Results).Failed);

        trial.Generate(run, network => new PositionsFromZero(network));
        var check = RegressionCheck.Of(sound.Of("ar"), trial.Results);
        Assert.All(check.Rows.Where(row => row.Metric.Metric is MetricNames.Likelihood or GenerationMetricNames.NetworkCalls or GenerationMetricNames.NetworkTokens), row => Assert.Equal(Verdict.Same, row.Verdict));
        Assert.Equal(Verdict.Worse, check.Rows.Single(row => row.Metric.Metric == "generative-nats").Verdict);

        static double Truth(IEnumerable<GenerationMetric> rows) => rows.Single(row => row is { Name: GenerationMetricNames.Perplexity, Judge: "truth" }).Value;
    }

    private static void AssertWorse(RegressionCheck check, string metric, string where)
    {
        var row = check.Rows.Single(row => row.Metric.Metric == metric && row.Metric.Where == where);
        Assert.True(row.Verdict == Verdict.Worse, row.Sentence);

        // Not by a hair: other processors round otherwise.
        Assert.True(row.Moved > 1.5 * row.Allowed, row.Sentence);
    }

    private static void StopAt(bool now, CancellationTokenSource stop)
    {
        if (now)
            stop.Cancel();
    }
}
