using Bench.Experiments.Definitions;
using Bench.Experiments.Planning;
using Bench.Experiments.Running;
using Bench.Results;
using Bench.Results.Metrics;
using Bench.Tasks.GuidanceToy;
using Bench.Tests.Experiments;
using Xunit;

namespace Bench.Tests.Tasks;

/// <summary>Guidance from a definition to the rows of a run, on the toy whose distribution is known.</summary>
public sealed class GuidanceToyTests
{
    private const string Definition =
        """
        name: guided
        data: { length: 3 }
        task: { kind: guidance-toy, alpha: 0.5 }
        methods: [mdlm]
        model: { blocks: 1, width: 32, heads: 2, condition-width: 16 }
        training: { steps: 300, batch-size: 64, learning-rate: 1e-2, beta2: 0.98, ema-decay: 0.95, precision: float32, validate-every: 100 }
        evaluation: { sequences: 64, draws: 4, splits: [test] }
        sampling:
          count: 2000
          steps: 3
          guidance: [{ kind: best-of, candidates: 1 }, { kind: svdd, candidates: 8, alpha: 0.5, value: exact },
            { kind: svdd, candidates: 8, alpha: 0.5, value: relaxed }, { kind: fk, candidates: 4, alpha: 0.5 }]
        """;

    [Fact]
    public void From_its_definition_each_way_of_guiding_is_generated_and_compared_with_what_it_aims_at()
    {
        using var place = new Workplace();
        var run = Assert.Single(place.PlanAll(Definition));
        var record = place.Finish(run);
        GenerationMetric[] Rows(MetricDescriptor metric) => [.. record.Generation.Where(row => row.Name == metric.Name)];
        Assert.Equal(5, Rows(GuidanceToyMetrics.Gap).Length); // and without guidance
        double Of(MetricDescriptor metric, string way) =>
            Rows(metric).Single(row => row.Setting.Sampler.Contains(way, StringComparison.Ordinal)).Value;

        double unguided = Of(GuidanceToyMetrics.Gap, "best-of 1"), guided = Of(GuidanceToyMetrics.Gap, "svdd 8, α 0.5, exact");
        Assert.InRange(guided, 0, unguided / 4);
        Assert.InRange(Of(GuidanceMetrics.Reward, "best-of 1"), 0.9, 1.3);
        Assert.InRange(Of(GuidanceMetrics.Reward, "svdd 8, α 0.5, exact"), 2, 2.5);
        // What is computed is what is enumerated by the reference: svdd_T=3_0.5_soft_M8.
        Assert.InRange(Of(GuidanceToyMetrics.ExactTotalVariation, "svdd 8, α 0.5, exact"), 0.01, 0.2);
        Assert.Equal(3.495930, Toy.LogNormaliser(0.5), 6);
        Assert.InRange(Of(GuidanceMetrics.NetworkRows, "svdd 8, α 0.5, relaxed"), 2, 24);
        Assert.InRange(Of(GuidanceMetrics.RewardCalls, "best-of 1"), 0, 0);
        Assert.Contains("computed over all noisy sequences",
            Rows(GuidanceToyMetrics.ExactGap).Single(row => row.Setting.Sampler.Contains("relaxed", StringComparison.Ordinal)).Protocol,
            StringComparison.Ordinal);

        using var model = TrainedModel.Load(run.Folder);
        double Mean(string? guidance) => TextGenerator.Of(model, new TextRequest { Guidance = guidance }).Writer!.Write(500, seed: 1)
            .Sequences.Average(x => new ToyReward().Of(x));
        Assert.True(Mean("{ kind: svdd, candidates: 8, alpha: 0.5, value: relaxed }") > Mean(null) + 0.5);
        Assert.Equal(Mean(null), Mean("{ kind: svdd, candidates: 1 }"));
        string Refused(string guidance, int? length = null) => string.Join('\n',
            TextGenerator.Of(model, new TextRequest { Guidance = guidance, Length = length }).Problems.Select(problem => problem.What));
        Assert.Contains("guidance.candidates is 0", Refused("{ kind: svdd, candidates: 0 }"), StringComparison.Ordinal);
        Assert.Contains("there is no reward 'lipogram'", Refused("{ kind: best-of, reward: lipogram }"), StringComparison.Ordinal);
        Assert.Contains("rewards are of whole texts", Refused("best-of", length: 12), StringComparison.Ordinal);

        var read = RunJson.Read(RunJson.Write(run.Spec));
        Assert.Equal(run.Spec.Sampling.Guidance.AsEnumerable(), read.Sampling.Guidance.AsEnumerable());
    }

    [Theory]
    [InlineData("kind: svdd, candidates: 8", "kind: svdd, candidates: 0",
        "sampling.guidance.candidates is 0, but it counts the candidates of a sequence and lies in [1, 4096]")]
    [InlineData("alpha: 0.5, value: exact", "alpha: 0, value: exact",
        "sampling.guidance.alpha is 0, but rewards are divided by it and lies in (0, 1000000]")]
    [InlineData("value: relaxed", "value: relaxt", "sampling.guidance.value: there is no value 'relaxt'")]
    [InlineData("value: relaxed", "value: sampled-0",
        "sampling.guidance.value: value 'sampled-0': the number of draws is a whole number from 1 to 4096; sampled-4 would do")]
    [InlineData("kind: fk", "kind: smc", "unknown kind of guidance 'smc' in sampling.guidance")]
    [InlineData("value: relaxed", "reward: lipogram", "sampling.guidance: there is no reward 'lipogram'")]
    [InlineData("candidates: 1 }", "candidates: 1, alpha: 2 }", "unknown key 'alpha' under sampling.guidance")]
    [InlineData("data: { length: 3 }", "data: { length: 4 }", "data.length is 4, but the sequences of guidance-toy have 3 tokens")]
    public void What_cannot_be_guided_is_reported_before_anything_runs(string written, string wrong, string expected)
    {
        using var place = new Workplace();
        string definition = Definition.Replace(written, wrong, StringComparison.Ordinal);
        Assert.NotEqual(Definition, definition);
        Problem[] problems = [.. place.Read(definition).Problems];
        if (problems.Length > 0)
            Assert.Contains(problems, problem => problem.What == expected && problem.Fix.Length > 0);
        else
            Assert.Contains(expected, Assert.Throws<SuiteException>(() => place.PlanAll(definition)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Scores_are_guided_by_finished_sequences_alone()
    {
        using var place = new Workplace();
        var run = Assert.Single(place.PlanAll(Definition.Replace("[mdlm]", "[sedd-absorb]", StringComparison.Ordinal)));
        Assert.Equal(["best-of", "svdd"], run.Spec.Sampling.Guidance.Select(guidance => guidance.Rule.Name.Split(' ')[0]));
        Assert.Contains(place.Read(Definition.Replace("[mdlm]", "[ngram-2]", StringComparison.Ordinal)).Problems,
            problem => problem.What
                == "ngram-2 cannot do the task guidance-toy: a generator is guided step by step; ngram-2 has no network");
    }

    [Fact]
    public void Generation_is_planned_with_its_candidates()
    {
        using var place = new Workplace();
        var spec = Assert.Single(place.PlanAll(Definition)).Spec;
        var method = (Bench.Methods.NetworkMethod)spec.Method;
        var ways = GenerationWay.Scored(method, spec);
        Assert.Equal(5, ways.Length);
        var shape = spec.Model!.Shape(spec.Data.Tokenizer.Vocabulary, method.View);
        double Rows(int way) => GenerationCost.Of(ways[way]).PerRow.Flops(shape);
        Assert.Equal(Rows(0), Rows(1));
        Assert.Equal(Rows(2), Rows(3));
        Assert.Equal(Rows(2) / 2, Rows(4), Rows(4) * 1e-9);
        Assert.InRange(Rows(2) / Rows(0), 8, 16);
    }
}
