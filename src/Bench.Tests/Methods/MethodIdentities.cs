using Bench.Backbone;
using Bench.Data;
using Bench.Data.Tokens;
using Bench.Methods;
using Bench.Metrics;
using Bench.Numerics;
using Bench.Tests.Metrics;
using Bench.Tests.Sampling;
using Bench.Tests.Training;
using Bench.Training;
using Xunit;
using static TorchSharp.torch;
using Recorder = Bench.Tests.Training.Recorder;

namespace Bench.Tests.Methods;

/// <summary>Identities of every row of the table; a new row is tested without being listed here.</summary>
public sealed class MethodIdentities
{
    // Twice the width of a block.
    private const int Length = 32;

    private static readonly NetworkMethod[] Rows = [.. MethodTable.All.OfType<NetworkMethod>()];

    public static TheoryData<string> Names() => [.. Rows.Select(row => row.Name)];

    [Fact]
    public void No_two_rows_are_the_same()
    {
        Assert.Equal(MethodTable.All.Count, MethodTable.All.Select(method => method.Name).Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(MethodTable.All.Count, MethodTable.All.Select(method => method.Title).Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(Rows.Length,
            Rows.Select(row => string.Join("; ", row.Components(TinyTask.Vocabulary, 128))).Distinct(StringComparer.Ordinal).Count());
        Assert.All(MethodTable.All.Where(method => method is not RealText),
            method => Assert.False(string.IsNullOrWhiteSpace(method.Paper) || string.IsNullOrWhiteSpace(method.Equation)));
    }

    // One training serves both: the bound is an upper one, three standard errors aside, and something has been learned.
    [Theory, MemberData(nameof(Names))]
    public void A_trained_network_is_worse_than_the_source_and_better_than_knowing_nothing(string name)
    {
        var row = Rows.Single(method => method.Name == name);
        var setup = row.Setup(TinyTask.Vocabulary, Length);
        using var network = Network(row);
        var plan = TinyTask.Plan with { Steps = 100, BatchSize = 8, LearningRate = 1e-2, EmaDecay = 0 };
        using (var trainer = TinyTask.Trainer(network, row.Objective(setup), plan, Length))
            trainer.Run(new Recorder(), default);
        network.eval();

        var chunks = new EvaluationChunks(TinyTask.Tokens(Split.Test), Length, 100);
        var estimate = new Likelihood(row.Objective(setup), 8, RandomStream.Root(1), TestDevice.Device).Of(network, chunks);
        // The same chunks for both: what is left to chance is in the draws.
        Assert.InRange(estimate.Nats, Truth(chunks) - (3 * estimate.DrawError), Math.Log(TinyTask.Vocabulary.TokenCount));
        Assert.True(double.IsFinite(estimate.Prior) && double.IsFinite(estimate.Reconstruction), "a term of the bound was not measured");
    }

    [Theory, InlineData("ar"), InlineData("mdlm"), InlineData("bd3lm"), InlineData("diffusion-forcing"), InlineData("any-order-ar")]
    public void With_absorbing_noise_the_exact_distribution_has_the_exact_likelihood(string name)
    {
        var row = Rows.Single(method => method.Name == name);
        var chunks = new EvaluationChunks(TinyTask.Tokens(Split.Test), Length, 30);
        var estimate = new Likelihood(row.Objective(row.Setup(TinyTask.Vocabulary, Length)), 8, RandomStream.Root(1), CPU).Of(
            new MarkovOracle(TinyTask.Corpus.Source, row.View.Shifted), chunks);
        Assert.InRange(estimate.Nats - Truth(chunks), (-4 * estimate.DrawError) - 1e-9, (4 * estimate.DrawError) + 1e-9);
    }

    [Theory, MemberData(nameof(Names))]
    public void Samples_are_tokens_and_do_not_depend_on_how_many_are_drawn(string name)
    {
        var row = Rows.Single(method => method.Name == name);
        using var network = Network(row);
        network.Scatter(RandomStream.Root(4));
        network.eval();
        int[][] Draw(int count, int steps) =>
            row.Sampler.Generate(network, row.Setup(TinyTask.Vocabulary, Length, steps), count, RandomStream.Root(5)).Sequences;
        int[][] many = Draw(3, Length);
        Assert.All(many, sequence => Assert.All(sequence, token => Assert.InRange(token, 0, TinyTask.Vocabulary.TokenCount - 1)));
        Assert.Equal(many[..2], Draw(2, Length));
        Assert.All(Draw(1, 4).Single(), token => Assert.InRange(token, 0, TinyTask.Vocabulary.TokenCount - 1));
    }

    [Theory, MemberData(nameof(Names))]
    public void Steps_follow_what_is_asked_for_where_they_are_left_open_and_nothing_elsewhere(string name)
    {
        var row = Rows.Single(method => method.Name == name);
        int[] taken = [.. new[] { 1, 2, Length / 2, Length, 3 * Length }.Select(
            asked => row.Setup(TinyTask.Vocabulary, Length, asked).Hyperschedule.Steps)];
        Assert.Equal(row.LeavesSteps(Length), taken.Distinct().Count() > 1);
        Assert.Equal(taken.Order(), taken);
    }

    private static double Truth(EvaluationChunks chunks) =>
        Enumerable.Range(0, chunks.Count).Average(i => -TinyTask.Corpus.Source.LogLikelihood(chunks.Read(i))) / chunks.Length;

    private static Ddit Network(NetworkMethod row) =>
        new Ddit(new DditShape(TinyTask.Vocabulary.Size, Blocks: 1, Width: 32, Heads: 2, ConditionWidth: 16, row.View.Conditioning),
            RandomStream.Root(1)).On(TestDevice.Device);
}
