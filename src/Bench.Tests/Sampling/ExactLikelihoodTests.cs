using Bench.Backbone;
using Bench.Hyperschedules;
using Bench.Noise;
using Bench.Numerics;
using Bench.Sampling;
using Bench.Sampling.Samplers;
using Bench.Tests.Golden;
using Bench.Tests.Objectives;
using Xunit;
using static TorchSharp.torch;
using Close = Bench.Tests.Golden.Close;

namespace Bench.Tests.Sampling;

/// <summary>Exact likelihoods of samplers whose order follows from predictions (DUEL, arXiv 2603.01367), by enumeration.</summary>
public sealed class ExactLikelihoodTests
{
    private const int N = ToyDenoiser.TokenCount, Length = 4;

    private static readonly long[][] Texts = AllStrings.Of(N, Length);

    private static readonly ISampler[] Orders =
        [.. Enum.GetValues<ConfidenceOrder>().Select(order => new ByConfidence(order)), new EntropyBounded(0), new EntropyBounded(1.2)];

    public static TheoryData<int, int> Ways()
    {
        var ways = new TheoryData<int, int>();
        foreach (int order in Enumerable.Range(0, Orders.Length))
        {
            foreach (int steps in new[] { 1, 2, 4 })
                ways.Add(order, steps);
        }

        return ways;
    }

    [Theory, MemberData(nameof(Ways))]
    public void Probabilities_of_all_texts_sum_to_one(int order, int steps)
    {
        foreach (var path in new[] { Hyperschedule.Flat(Length, steps), Hyperschedule.Block(Length, 2, steps) })
        {
            foreach (double temperature in new[] { 1, 0.5 })
            {
                var generator = Generator(new ToyDenoiser(), Orders[order], path) with { Decoding = new DecodingOptions(temperature) };
                Close.Assert(1, Probabilities(generator).Sum(), 1e-12, $"{Orders[order].Name} along {path.Name} at {temperature}");
            }
        }
    }

    [Theory, MemberData(nameof(Ways))]
    public void Samples_have_these_probabilities(int order, int steps)
    {
        const int Count = 20_000;
        var generator = Generator(new ToyDenoiser(), Orders[order], Hyperschedule.Flat(Length, steps));
        double[] probabilities = Probabilities(generator);
        var counts = new double[Texts.Length];
        foreach (int[] sequence in generator.Generate(Count, RandomStream.Root(1)).Sequences)
            counts[sequence.Aggregate(0, (index, token) => (index * N) + token)]++;
        double squares = probabilities.Zip(counts, (p, count) => Math.Pow(count - (Count * p), 2) / (Count * p)).Sum();
        // χ² with 80 degrees of freedom exceeds 137 once in ten thousand.
        Assert.InRange(squares, 0, 137);
    }

    [Theory, InlineData(0), InlineData(1), InlineData(2), InlineData(3), InlineData(4)]
    public void Token_by_token_an_exact_network_has_the_likelihood_of_the_data_in_every_order(int order)
    {
        double[] joint = [.. Enumerable.Range(0, 27).Select(n => 1 + Math.Sin(n * n) + (n == 5 ? 3 : 0.01))];
        joint = [.. joint.Select(p => p / joint.Sum())];
        var setup = EverySampler.Setup(new Absorbing(), Hyperschedule.Flat(3, 3));
        var generator = new Generator(new JointOracle(N, joint, new Absorbing().At(0.7)), setup, Orders[order], CPU);
        double[] nats = generator.NegativeLogLikelihoods([.. AllStrings.Of(N, 3).SelectMany(x => x)]);
        Close.Assert([.. joint.Select(p => -Math.Log(p))], nats, 1e-12, Orders[order].Name);
    }

    [Fact]
    public void From_left_to_right_it_is_the_chain_rule()
    {
        double[] nats = Nats(Generator(new ToyDenoiser(), new ByConfidence(ConfidenceOrder.LeftToRight), Hyperschedule.Flat(Length, Length)));
        double[] expected = [.. Texts.Select(x => Enumerable.Range(0, Length)
            .Sum(i => ToyDenoiser.Nats(i, x[i], [.. x[..i], .. Enumerable.Repeat((long)N, Length - i)])))];
        Close.Assert(expected, nats, 1e-12);
    }

    [Fact]
    public void Options_that_leave_a_token_no_probability_leave_its_texts_none()
    {
        var generator = Generator(new FixedDenoiser([0.9, 0.08, 0.02]), new ByConfidence(ConfidenceOrder.Margin), Hyperschedule.Flat(Length, 4))
            with { Decoding = new DecodingOptions(TopP: 0.95) };
        double[] nats = Nats(generator);
        Assert.All(Texts.Zip(nats), entry => Assert.Equal(entry.First.Contains(2), double.IsPositiveInfinity(entry.Second)));
    }

    [Fact]
    public void A_sampler_that_draws_its_order_is_refused_with_the_reason()
    {
        var refused = Assert.Throws<NotSupportedException>(
            () => Nats(Generator(new ToyDenoiser(), new Ancestral(), Hyperschedule.Flat(Length, 4))));
        Assert.Contains("more than one way", refused.Message);
    }

    private static Generator Generator(IDenoiser network, ISampler sampler, Hyperschedule path) =>
        new(network, EverySampler.Setup(new Absorbing(), path), sampler, CPU);

    private static double[] Nats(Generator generator) => generator.NegativeLogLikelihoods([.. Texts.SelectMany(x => x)]);

    private static double[] Probabilities(Generator generator) => [.. Nats(generator).Select(nats => Math.Exp(-nats))];
}
