using Bench.Experiments.Planning;
using Bench.Reporting.Regression;
using Bench.Results;
using Bench.Results.Metrics;
using Bench.Results.Runs;
using Xunit;

namespace Bench.Tests.Reporting.Regression.Mutants;

/// <summary>
/// Mistakes that the check detects, each made in some public code base; correct code passes with a seed that the baseline does not contain.
/// </summary>
public sealed class MutantTests(SoundBaselines sound) : IClassFixture<SoundBaselines>
{
    private const ulong Seed = 11;

    [Theory, InlineData("mdlm", 11), InlineData("mdlm", 12), InlineData("diffusion-forcing", 12)]
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
        trial.Run(Seed,
            method => method with { Loss = method.Loss.Around((_, sound) => new Reweighted(sound, level => level < 0.5 ? 2 : 1)) });
        var check = RegressionCheck.Of(sound.Of("mdlm"), trial.Results);
        AssertWorse(check, LikelihoodMetrics.Likelihood.Name, Splits.Validation);
        AssertWorse(check, LikelihoodMetrics.Likelihood.Name, Splits.Test);
    }

    // −∫ E Σ ln p dt instead of −∫ 1/t E Σ ln p dt: it is lower than any likelihood, and no bound.
    [Fact]
    public void A_bound_without_its_weight_is_caught_below_the_entropy_of_the_text()
    {
        using var trial = new Trial("mdlm");
        trial.Run(Seed, method => method with { Loss = method.Loss.Around((_, sound) => new Reweighted(sound, level => level)) });
        var check = RegressionCheck.Of(sound.Of("mdlm"), trial.Results);
        Assert.All(
            check.Rows.Where(row => row.Metric.Metric == LikelihoodMetrics.Likelihood.Name),
            row => Assert.Equal(Verdict.Impossible, row.Verdict));
        Assert.True(check.Failed);
    }

    [Fact]
    public void An_average_of_the_weights_that_never_left_the_start_is_caught_by_bound_and_texts()
    {
        using var trial = new Trial("mdlm");
        using var stop = new CancellationTokenSource();
        var run = trial.Plan(Seed);
        long last = run.Spec.Training!.Steps - run.Spec.Training.LogEvery;
        trial.Run(run, point => StopAt(point.Step == last, stop), stop.Token);
        LostAverage.In(Directory.EnumerateFiles(Path.Combine(run.Folder, "checkpoints"), "*.ckpt").Single(), run.Spec, run.Id);
        trial.Run(run);
        Assert.Equal(RunState.Finished, trial.Results.Methods.Single().Runs.Single().Status.State);
        var check = RegressionCheck.Of(sound.Of("mdlm"), trial.Results);
        AssertWorse(check, LikelihoodMetrics.Likelihood.Name, Splits.Test);
        Assert.Contains(check.Failures, row => row.Metric.Metric == "generative-nats");
    }

    // Here the token before is known from the cache alone; a shifted view would have it as input.
    [Fact]
    public void Cached_positions_that_begin_at_zero_are_caught_by_the_texts_alone()
    {
        using var trial = new Trial("diffusion-forcing");
        var run = trial.Run(Seed);
        var before = trial.Results.Methods.Single().Runs.Single().Generation;

        // The same way of generating without the mistake gives the run's own numbers.
        trial.Generate(run, network => network);
        var again = trial.Results.Methods.Single().Runs.Single().Generation;
        Assert.Equal(Truth(before), Truth(again), 12);
        Assert.False(RegressionCheck.Of(sound.Of("diffusion-forcing"), trial.Results).Failed);

        trial.Generate(run, network => new PositionsFromZero(network));
        var check = RegressionCheck.Of(sound.Of("diffusion-forcing"), trial.Results);
        string[] same = [LikelihoodMetrics.Likelihood.Name, GenerationCosts.NetworkCalls.Name, GenerationCosts.NetworkTokens.Name];
        Assert.All(check.Rows.Where(row => same.Contains(row.Metric.Metric)), row => Assert.Equal(Verdict.Same, row.Verdict));
        AssertWorse(check, "generative-nats", "ancestral, 16 steps, scored by truth");

        static double Truth(IEnumerable<GenerationMetric> rows) =>
            rows.Single(row => row.Name == ScoredText.Perplexity.Name && row.Scorer == "truth").Value;
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
