using Bench.Attention;
using Bench.Backbone;
using Bench.Hyperschedules;
using Bench.Noise;
using Bench.Noise.Schedules;
using Bench.Numerics;
using Bench.Sampling;
using Bench.Sampling.Samplers;
using Xunit;
using static TorchSharp.torch;

namespace Bench.Tests.Sampling;

/// <summary>Samplers that unmask the most confident tokens first.</summary>
public sealed class ConfidenceTests
{
    // Position 0 has the largest probability, position 1 the clearest winner, position 2 the least entropy; position 3 is uniform.
    private static readonly double[][] CleanDistribution =
    [
        [0.56, 0.43999, 0.00001, 0, 0, 0, 0],
        [0.54, 0.16, 0.15, 0.15, 0, 0, 0],
        [0.505, 0.495, 0, 0, 0, 0, 0],
        [1 / 7.0, 1 / 7.0, 1 / 7.0, 1 / 7.0, 1 / 7.0, 1 / 7.0, 1 / 7.0],
    ];

    private static readonly FixedDenoiser Network =
        new([.. CleanDistribution.Select(distribution => distribution.Select(p => p + 1e-12).ToArray())]);

    [Theory, InlineData(ConfidenceOrder.MaxProbability, 0), InlineData(ConfidenceOrder.Margin, 1),
        InlineData(ConfidenceOrder.Entropy, 0, 2)]
    public void Each_order_has_its_own_idea_of_confidence(ConfidenceOrder order, params int[] among)
    {
        int[] revealed = Order(new ByConfidence(order), Hyperschedule.Flat(4, 4));
        Assert.Contains(revealed[0], among);
        Assert.Equal(3, revealed[3]);
        double[] confidences = [.. revealed.Select(i => Confidence.Of(order, CleanDistribution[i]))];
        Assert.Equal(confidences.OrderDescending(), confidences);
    }

    [Fact]
    public void Confidence_has_its_defined_value()
    {
        Assert.Equal(0.56, Confidence.Of(ConfidenceOrder.MaxProbability, CleanDistribution[0]));
        Assert.Equal(0.38, Confidence.Of(ConfidenceOrder.Margin, CleanDistribution[1]), 1e-12);
        Assert.Equal(0, Confidence.Of(ConfidenceOrder.Margin, [0.4, 0.2, 0.4]));
        Assert.Equal(-Math.Log(7), Confidence.Of(ConfidenceOrder.Entropy, CleanDistribution[3]), 1e-12);
    }

    [Theory, InlineData(5, 3), InlineData(3, 7), InlineData(16, 4), InlineData(1, 2)]
    public void As_many_are_revealed_as_the_schedule_says(int length, int depth)
    {
        var left = new List<int>();
        Generator(new ByConfidence(ConfidenceOrder.Margin), Hyperschedule.Flat(length, depth))
            .WithWatch((state, _) => left.Add(state.Tokens.Count(token => token == 7))).Generate(1, RandomStream.Root(1));
        Assert.Equal(Enumerable.Range(1, depth).Select(step => (int)Math.Floor((length * (1 - ((double)step / depth))) + 0.5 + 1e-12)),
            left);
    }

    [Fact]
    public void At_temperature_zero_there_is_one_sequence()
    {
        foreach (var order in Enum.GetValues<ConfidenceOrder>())
        {
            var generator =
                Generator(new ByConfidence(order), Hyperschedule.Flat(4, 3)) with { Decoding = new DecodingOptions(Temperature: 0) };
            Assert.All(generator.Generate(20, RandomStream.Root(1)).Sequences, sequence => Assert.Equal([0, 0, 0], sequence[..3]));
            Assert.Single(generator.Generate(20, RandomStream.Root(2)).Sequences.Select(sequence => sequence[3]).Distinct());
        }
    }

    [Theory]
    [InlineData(0, 1)] // 0.1
    [InlineData(0.09, 1)]
    [InlineData(0.1, 2)] // 0.1 + 0.2 without 0.2
    [InlineData(0.29, 2)]
    [InlineData(0.31, 3)]
    [InlineData(100, 4)]
    public void As_many_are_revealed_as_entropies_without_the_largest_allow(double gamma, int expected) =>
        Assert.Equal(expected, new EntropyBounded(gamma).Count([0.1, 0.2, 0.3, 0.4]));

    [Fact]
    public void The_entropy_bound_buys_calls()
    {
        int Calls(double gamma, int depth) =>
            Generator(new EntropyBounded(gamma), Hyperschedule.Flat(4, depth)).Generate(1, RandomStream.Root(1)).NetworkCalls;
        Assert.Equal(4, Calls(0, depth: 8));
        Assert.Equal(4, Calls(0, depth: 2)); // those that are left share the last step
        Assert.Equal(1, Calls(100, depth: 8));
        Assert.InRange(Calls(0.7, depth: 8), 2, 3);
        int[] order = Order(new EntropyBounded(0), Hyperschedule.Flat(4, 8));
        Assert.Equal(Enumerable.Range(0, 4).OrderBy(i => Confidence.Entropy(CleanDistribution[i])), order);
    }

    // Positions in the order in which they are revealed.
    private static int[] Order(ISampler sampler, Hyperschedule hyperschedule)
    {
        var order = new List<int>();
        Generator(sampler, hyperschedule)
            .WithWatch(
                (state, _) => order.AddRange(Enumerable.Range(0, 4).Where(i => state.Tokens[i] != 7 && !order.Contains(i)).ToArray()))
                    .Generate(1, RandomStream.Root(1));
        return [.. order];
    }

    private static Generator Generator(ISampler sampler, Hyperschedule hyperschedule) => new(
        Network,
        new DiffusionSetup(new Bench.Data.Vocabulary("seven", 7), new Absorbing(), new LogLinear(1e-3), hyperschedule,
            new BackboneView(Shifted: false, AttentionKind.Full, Conditioning.Constant)), sampler, CPU);
}
