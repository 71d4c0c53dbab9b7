using Bench.Backbone;
using Bench.Data;
using Bench.Experiments.Definitions;
using Bench.Experiments.Planning;
using Bench.Hyperschedules;
using Bench.Methods;
using Bench.Numerics;
using Bench.Results;
using Bench.Results.Metrics;
using Bench.Results.Runs;
using Bench.Sampling;
using Bench.Sampling.Samplers;
using Bench.Tests.Architecture;
using Xunit;
using static TorchSharp.torch;

namespace Bench.Tests.Experiments.Planning;

/// <summary>The predicted cost of a generation is its actual one.</summary>
public sealed class GenerationCostTests
{
    private static readonly Vocabulary Vocabulary = new("letters", 5);

    public static TheoryData<string> Networks => ExamplePassesTests.Networks;

    [Theory, MemberData(nameof(Networks))]
    public void A_generation_asks_for_as_much(string name)
    {
        const int Length = 32, Rows = 48;
        var method = (NetworkMethod)MethodTable.Find(name)!;
        using var network = new Ddit(
            new DditShape(Vocabulary.Size, Blocks: 1, Width: 4, Heads: 1, ConditionWidth: 2, method.View.Conditioning),
            RandomStream.Root(1));
        network.eval();
        foreach (bool caches in new[] { true, false })
        {
            var counting = new CountingNetwork(network);
            var way = new GenerationWay(method.Setup(Vocabulary, Length, steps: 16), method.Sampler, Temperature: 1, caches, Rows);
            var generator = new Generator(counting, way.Setup, way.Sampler, CPU) { Caches = caches };
            var generation = generator.Generate(Rows, RandomStream.Root(2));
            var (calls, each) = GenerationCost.Of(way);
            var said = Rows * each;
            Assert.Equal(generator.KeepsKeys, way.KeepsKeys);
            Assert.Equal(generation.NetworkCalls, calls, 0.03 * calls);
            Assert.Equal(counting.Asked.Slots, said.Slots, 0.03 * said.Slots);
            Assert.Equal(counting.Asked.Pairs, said.Pairs, 0.05 * said.Pairs);
            Assert.Equal(counting.Asked.Asked, said.Asked, 0.15 * said.Asked);
        }
    }

    [Theory, InlineData("mdlm"), InlineData("bd3lm"), InlineData("any-order-ar")]
    public void An_exact_likelihood_asks_for_exactly_as_much(string name)
    {
        const int Length = 32, Rows = 3;
        var method = (NetworkMethod)MethodTable.Find(name)!;
        using var network = new Ddit(
            new DditShape(Vocabulary.Size, Blocks: 1, Width: 4, Heads: 1, ConditionWidth: 2, method.View.Conditioning),
            RandomStream.Root(1));
        network.eval();
        var counting = new CountingNetwork(network);
        var way = new GenerationWay(
            method.Setup(Vocabulary, Length, Length), new ByConfidence(ConfidenceOrder.LeftToRight), Temperature: 1, Caches: true, Rows);
        new Generator(counting, way.Setup, way.Sampler, CPU).NegativeLogLikelihoods(new long[Rows * Length]);
        var (calls, each) = GenerationCost.Of(way);
        Assert.Equal(Length, calls);
        Assert.Equal(counting.Asked, Rows * each);
    }

    [Fact]
    public void The_reference_results_took_as_many_tokens()
    {
        var runs = DefinitionReader.Load(Path.Combine(Repository.Root, "experiments", "quick")).Runs.Where(
            run => run.Experiment == "quick" && run.Method is NetworkMethod).ToDictionary(run => run.Method.Name);
        int compared = 0;
        foreach (var record in new RunStore(Path.Combine(Repository.Root, "results", "reference", "quick")).ReadAll()
            .Where(record => record.Experiment == "quick" && runs.ContainsKey(record.Method)))
        {
            var spec = runs[record.Method];
            var method = (NetworkMethod)spec.Method;
            foreach (var way in GenerationWay.Scored(method, spec).Concat(GenerationWay.Timed(method, spec)))
            {
                // Of a single sequence, chance has more to say.
                var row = record.Generation.FirstOrDefault(
                    metric => metric.Name == GenerationCosts.NetworkTokens.Name && metric.Setting == way.Setting && way.Batch > 1);
                if (row is null)
                    continue;
                double columns = GenerationCost.Of(way).PerRow.Slots / spec.Data.Length;
                Assert.Equal(row.Value, columns, 0.03 * row.Value);
                compared++;
            }
        }

        Assert.InRange(compared, 100, 1000);
    }

    // Slides whose steps and active positions are too many to be counted one by one, by formula: every position is fed once a level, and
    // once more when it has settled.
    [Theory, InlineData(4096, 512, 1), InlineData(65_536, 65_536, 1), InlineData(65_536, 1, 64)]
    public void Long_generation_is_counted_in_part_with_an_equal_estimate(int length, int depth, int stagger)
    {
        var hyperschedule = Hyperschedule.Ramp(length, 1, stagger, Math.Max(depth, stagger));
        var setup = ((NetworkMethod)MethodTable.Find("gamma")!).Setup(Vocabulary, length) with { Hyperschedule = hyperschedule };
        var (calls, each) = GenerationCost.Of(new GenerationWay(setup, new Remask(), 1, Caches: true, Batch: 1000));
        Assert.Equal(hyperschedule.Steps, calls, 0.01 * hyperschedule.Steps);
        double columns = ((double)hyperschedule.Depth * length) + length;
        Assert.Equal(columns, each.Slots, 0.05 * columns);
    }

    [Fact]
    public void A_cache_saves_the_cost_of_settled_tokens()
    {
        var setup = ((NetworkMethod)MethodTable.Find("ar")!).Setup(Vocabulary, length: 10);
        var with = GenerationCost.Of(new GenerationWay(setup, new Ancestral(), 1, Caches: true, 1));
        var without = GenerationCost.Of(new GenerationWay(setup, new Ancestral(), 1, Caches: false, 1));
        Assert.Equal((10, 10, 55), (with.Calls, with.PerRow.Slots, with.PerRow.Pairs));
        Assert.Equal((10, 55, 385), (without.Calls, without.PerRow.Slots, without.PerRow.Pairs)); // Σ i, Σ i²
    }
}
