using Bench.Backbone;
using Bench.Data;
using Bench.Data.Tokens;
using Bench.Experiments.Planning;
using Bench.Methods;
using Bench.Numerics;
using Bench.Objectives;
using Xunit;
using static TorchSharp.torch;

namespace Bench.Tests.Experiments.Planning;

/// <summary>The predicted cost of a training step is its actual one.</summary>
public sealed class ExamplePassesTests
{
    private const int Length = 32, Rows = 16, Batches = 16;
    private static readonly Vocabulary Vocabulary = new("letters", 5);

    public static TheoryData<string> Networks => [.. MethodTable.All.OfType<NetworkMethod>().Select(method => method.Name)];

    [Theory, MemberData(nameof(Networks))]
    public void A_training_step_asks_for_as_much(string name)
    {
        var method = (NetworkMethod)MethodTable.Find(name)!;
        var setup = method.Setup(Vocabulary, Length);
        var objective = method.Objective(setup);
        AssertAlike(Asked(method, objective, grads: true), ExamplePasses.Of(objective, setup));
    }

    [Theory, MemberData(nameof(Networks))]
    public void A_likelihood_asks_for_as_much(string name)
    {
        var method = (NetworkMethod)MethodTable.Find(name)!;
        var setup = method.Setup(Vocabulary, Length);
        var objective = method.Objective(setup);
        var bound = objective.ForLikelihood;
        var asked = Asked(method, bound, grads: false);
        AssertAlike(bound.Reconstruction is { } last ? asked + Asked(method, last, grads: false) : asked,
            ExamplePasses.OfLikelihood(objective, setup));
    }

    // Most of the work depends on the number of positions, which is fixed; how many are masked is drawn.
    private static void AssertAlike(Pass asked, Pass said)
    {
        Assert.Equal(asked.Slots, said.Slots, 1e-2 * asked.Slots);
        Assert.Equal(asked.Pairs, said.Pairs, 2e-2 * asked.Pairs);
        Assert.Equal(asked.Asked, said.Asked, 6e-2 * asked.Asked);
        // An upper bound: equal levels are embedded once.
        Assert.InRange(said.Conditioned, asked.Conditioned * 0.95, Math.Max(1.05 * asked.Conditioned, Length + 1));
    }

    // For one example, on average.
    private static Pass Asked(NetworkMethod method, IObjective objective, bool grads)
    {
        var stream = RandomStream.Root(1);
        using var network =
            new Ddit(new DditShape(Vocabulary.Size, Blocks: 1, Width: 4, Heads: 1, ConditionWidth: 2, method.View.Conditioning), stream);
        var counting = new CountingNetwork(network);
        using var recorded = grads ? null : no_grad();
        for (int n = 0; n < Batches; n++)
        {
            using var scope = NewDisposeScope();
            long[] tokens = [.. Enumerable.Range(0, Rows * Length).Select(i => (long)stream.Below(Vocabulary.TokenCount, n, i))];
            var batch = new ExampleBatch(tokens, [.. Enumerable.Range(0, Rows).Select(row => (long)(n * Rows) + row)]);
            objective.PerPosition(counting, batch, Strata.Of(Rows, row => stream.Uniform(1000 + n, row)), stream.Split("noise"), CPU);
        }

        return (1.0 / (Rows * Batches)) * counting.Asked;
    }
}
