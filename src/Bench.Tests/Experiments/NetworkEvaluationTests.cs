using Bench.Experiments.Definitions;
using Bench.Experiments.Planning;
using Bench.Experiments.Running;
using Bench.Results;
using Bench.Results.Metrics;
using Bench.Results.Runs;
using Xunit;

namespace Bench.Tests.Experiments;

/// <summary>Metrics and files of generated text.</summary>
public sealed class NetworkEvaluationTests
{
    private const string Scored = Workplace.Experiment + """

        scorer: { model: { blocks: 1, width: 16, heads: 2 }, training: { steps: 5, batch-size: 4, precision: float32 } }
        """;

    private static readonly string[] OfText =
    [
        ScoredText.Perplexity.Name,
        ScoredText.MeanPerplexity.Name,
        SampleEntropy.Metric.Name,
        "distinct-2",
    ];
    private static readonly string[] OfSpeed =
        [
            GenerationCosts.TokensPerSecond.Name,
            GenerationCosts.SequencesPerSecond.Name,
            GenerationCosts.FirstToken.Name,
            GenerationCosts.NetworkCalls.Name,
            GenerationCosts.NetworkTokens.Name,
        ];

    [Fact]
    public void Every_setting_of_generation_is_scored_by_all_scorers()
    {
        using var place = new Workplace();
        string yaml = Scored.Replace("sampling: { count: 3, steps: 8 }",
            "sampling: { count: 3, steps: 8, temperatures: [0.5], step-counts: [4], samplers: [remdm-cap-0.04], batches: [2] }",
            StringComparison.Ordinal);
        var runs = place.PlanAll(yaml);
        string[] scoredRuns = [.. runs.Where(run => run.Spec.Method.Name is "mdlm" || run.Spec.Experiment == "judge") // stored name
            .Select(run => $"{run.Spec.Experiment}/{run.Spec.Method.Name}")];
        Assert.Equal(["judge/ar", "tiny/mdlm"], scoredRuns); // stored name
        place.Finish(runs[0]);
        var record = place.Finish(runs.Single(run => run.Spec.Method.Name == "mdlm"));

        var ways = record.Generation.Select(row => row.Setting).Distinct().ToList();
        Assert.Equal([(8, 1.0), (8, 0.5), (4, 1.0), (8, 1.0), (4, 1.0), (8, 1.0)], ways.Select(way => (way.Steps, way.Temperature)));
        Assert.Equal([3, 3, 3, 3, 3, 2], ways.Select(way => way.Batch));
        Assert.Equal(2, ways.Select(way => way.Sampler).Distinct().Count());
        foreach (var way in ways)
        {
            string[] names = [.. record.Generation.Where(row => row.Setting == way).Select(row => row.Name)];
            Assert.Empty(OfSpeed.Concat(way.Batch == 3 ? OfText : []).Except(names));
        }

        Assert.Equal(
            ["judge-ar", "ngram-6", "truth"], // stored name
            record.Generation.Where(row => row.Name == ScoredText.Perplexity.Name).Select(row => row.Scorer).Distinct().Order());
        Assert.All(
            record.Generation.Where(row => row.Name == ScoredText.Perplexity.Name),
            row => Assert.InRange(row.Value, row.Low!.Value, row.High!.Value));
        Assert.All(record.Generation, row => Assert.True(double.IsFinite(row.Value), row.Name));
    }

    [Fact]
    public void Speeds_are_taken_with_and_without_a_cache_where_there_can_be_one()
    {
        using var place = new Workplace();
        string yaml = Workplace.Experiment.Replace("sampling: { count: 3, steps: 8 }", "sampling: { count: 3, batches: [2] }",
            StringComparison.Ordinal);
        (int, bool)[] Ways(string method) =>
            [.. place.Finish(place.PlanAll(yaml).Single(run => run.Spec.Method.Name == method)).Generation.Select(
                row => (row.Setting.Batch, row.Setting.Cached)).Distinct()];
        Assert.Equal([(3, true), (3, false), (2, true), (2, false)], Ways("ar"));
        Assert.Equal([(3, false), (2, false)], Ways("mdlm"));
    }

    [Fact]
    public void A_network_that_learned_nothing_is_measured_like_any_other()
    {
        using var place = new Workplace();
        var run = place.Plan("mdlm",
            spec => spec with { Training = spec.Training! with { Steps = 1, WarmupSteps = 0 },
                Sampling = spec.Sampling with { Count = 1 } });
        var record = place.Finish(run);
        Assert.Equal(RunState.Finished, record.Status.State);
        Assert.Contains(record.Generation, row => row.Name == SampleEntropy.Metric.Name);
        Assert.Equal("less than two sequences have words", record.Generation.Single(row => row.Name == SelfBleu.Metric.Name).Undefined);
    }

    [Fact]
    public void How_far_a_model_is_from_the_truth_is_the_difference_of_the_two_likelihoods()
    {
        using var place = new Workplace();
        var record = place.Finish(place.Plan("ar"));
        var kl = record.Find(LikelihoodMetrics.KlFromTruth, Splits.Test)!;
        double bits = record.Find(LikelihoodMetrics.Likelihood, Splits.Test)!.Value;
        double difference = (bits - record.Find(LikelihoodMetrics.TrueEntropy, Splits.Test)!.Value) * Math.Log(2);
        Assert.Equal(difference, kl.Value, 10);
        // Chunk by chunk, both find the same chunks hard.
        Assert.True(kl.StandardError < record.Find(LikelihoodMetrics.Nats, Splits.Test)!.StandardError);
    }

    [Fact]
    public void Scored_runs_wait_for_their_scorer_and_lose_nothing()
    {
        using var place = new Workplace();
        var run = place.PlanAll(Scored).Single(run => run.Spec.Method.Name == "mdlm");
        var status = place.Runner.Run(run, new Recorder());
        Assert.Equal((RunState.Running, "its scoring network is not trained yet"), (status.State, status.Reason));
        Assert.False(File.Exists(Path.Combine(run.Folder, "status.json")));
    }

    [Fact]
    public void Scorers_do_not_depend_on_what_the_experiment_measures()
    {
        using var place = new Workplace();
        string Id(string yaml) => place.PlanAll(yaml).Single(run => run.Spec.Experiment == RunSpec.ScorerExperiment).Id;
        Assert.Equal(Id(Scored), Id(Scored.Replace("sequences: 64, draws: 4", "sequences: 32, draws: 2", StringComparison.Ordinal)));
        Assert.NotEqual(Id(Scored), Id(Scored.Replace("steps: 5,", "steps: 6,", StringComparison.Ordinal)));
    }

    [Fact]
    public void Blocks_leave_a_choice_of_steps()
    {
        using var place = new Workplace();
        string yaml = Workplace.Experiment.Replace("[ngram-1, ngram-2, ar, mdlm]", "[ar, bd3lm, gamma-slide]", StringComparison.Ordinal)
            .Replace("count: 3, steps: 8", "count: 3, steps: 8, step-counts: [4, 16]", StringComparison.Ordinal)
            .Replace("length: 16", "length: 64", StringComparison.Ordinal);
        Assert.Equal([0, 2, 0], place.PlanAll(yaml).Select(run => run.Spec.Sampling.StepCounts.Length));
    }

    [Fact]
    public void Text_of_another_kind_is_measured_beside_the_own_one()
    {
        using var place = new Workplace();
        string text =
            place.Write("other.txt", string.Concat(Enumerable.Repeat("It was the best of times, it was the worst of times. ", 20)));
        string own = place.Write("own.txt",
            string.Concat(Enumerable.Range(0, 400).Select(i => $"Of the {i} things that a text may say this is the one. ")));
        string yaml = Workplace.Experiment
            .Replace("corpus: markov-4-1-2-1", $"corpus: {own}", StringComparison.Ordinal)
            .Replace("draws: 4", $"draws: 4, zero-shot: [{text}], zero-shot-sequences: 8", StringComparison.Ordinal);
        foreach (string method in new[] { "ngram-2", "mdlm" })
        {
            var record = place.Finish(place.PlanAll(yaml).Single(run => run.Spec.Method.Name == method));
            var other = record.Find(LikelihoodMetrics.Likelihood, "other.txt")!;
            var test = record.Find(LikelihoodMetrics.Likelihood, Splits.Test)!;
            Assert.Equal(8, other.Count);
            Assert.True(double.IsFinite(other.Value) && other.Value > 0 && test.Value > 0);
        }
    }
}
