using Bench.Attention;
using Bench.Backbone;
using Bench.Data;
using Bench.Data.Tokens;
using Bench.Methods;
using Bench.Metrics;
using Bench.Noise;
using Bench.Numerics;
using Bench.Tests.Golden;
using Bench.Tests.Objectives;
using Xunit;
using static TorchSharp.torch;

namespace Bench.Tests.Metrics;

/// <summary>
/// Perplexities as the programs of papers estimate them, on the toy of <see cref="ToyDenoiser"/>, where enumeration gives what they expect.
/// </summary>
public sealed class PublishedPerplexityTests
{
    private const int Length = 4;
    private static readonly long[] X0 = [0, 2, 1, 1];
    private static readonly Vocabulary Toy = new("toy", ToyDenoiser.TokenCount);

    // The program stops at masked shares of ε(1 − ε) and 1 − ε, and is that much off MDLM's bound, 4.795869807218.
    [Fact]
    public void The_estimate_of_mdlm_has_the_expectation_of_its_released_program() =>
        AssertNats(4.792110432514, Row("mdlm"), new PublishedProtocol { ScheduleEnd = 1e-3, Batch = 64 });

    // A block of one token expects its cross-entropy at every masked share, so that any range of times will do.
    [Theory, InlineData(1, 0.3, 4.497406544079), InlineData(2, 0.005, 4.643723688326), InlineData(4, 0.005, 4.795869807218)]
    public void Blocks_have_a_noise_time_each_and_lead_to_the_chain_rule(int width, double least, double expected) => AssertNats(
        expected, Row("bd3lm") with { Path = HyperscheduleChoice.Block(width) }, new PublishedProtocol { LeastTime = least, Batch = 16 });

    // Σ CE/p over the masked, the mask a class with logit 0, over L − 1: the same by enumeration of masks at the times that were drawn.
    [Fact]
    public void The_estimate_of_hdlm_masks_alone_and_counts_a_token_less()
    {
        var protocol = new PublishedProtocol { Loss = PublishedLoss.Masked, Draws = 32, Batch = 16, IsOffsetShared = true };
        double expected = 0;
        const int Grid = 2000;
        for (int n = 0; n < Grid; n++)
        {
            double p = 1e-3 + ((1 - 1e-3) * (n + 0.5) / Grid);
            for (int set = 1; set < 1 << Length; set++)
            {
                long[] seen = [.. X0.Select((token, i) => (set >> i & 1) == 1 ? ToyDenoiser.TokenCount : token)];
                int masked = int.PopCount(set);
                double sum = Enumerable.Range(0, Length).Where(i => (set >> i & 1) == 1).Sum(i => WithMask(i, X0[i], seen));
                expected += Math.Pow(p, masked - 1) * Math.Pow(1 - p, Length - masked) * sum / Grid;
            }
        }

        var estimate = new PublishedPerplexity(Row("gamma"), protocol, RandomStream.Root(1), CPU).Of(new ToyDenoiser(), new Copies(300));
        Assert.Equal(300 * (Length - 1), estimate.Tokens);
        double error = estimate.StandardError * (Length - 1);
        Assert.InRange(error, 1e-3, 0.1);
        Assert.InRange((estimate.Nats * (Length - 1)) - expected, -4 * error, 4 * error);

        static double WithMask(int position, long token, long[] z)
        {
            double total = 1; // the mask's logit is 0
            for (int v = 0; v < ToyDenoiser.TokenCount; v++)
                total += Math.Exp(ToyDenoiser.Logit(position, v, z));
            return Math.Log(total) - ToyDenoiser.Logit(position, (int)token, z);
        }
    }

    // Ours runs through time at another pace where that has less variance (GIDD): what is integrated stays.
    [Theory, InlineData("gidd"), InlineData("udlm"), InlineData("scdd"), InlineData("sedd-absorb")]
    public void The_estimate_of_a_bound_expects_what_ours_does(string name)
    {
        var method = Row(name);
        var protocol = new PublishedProtocol { LeastTime = 1e-3, MostTime = 1 - 1e-3, Batch = 64 };
        var published = new PublishedPerplexity(method, protocol, RandomStream.Root(1), CPU).Of(new ToyDenoiser(), new Copies(25_600));
        var ours = new Likelihood(method.Objective(method.Setup(Toy, Length)), draws: 8, RandomStream.Root(2), CPU)
            .Of(new ToyDenoiser(), new Copies(1600));
        double error = Math.Sqrt((published.StandardError * published.StandardError) + (ours.StandardError * ours.StandardError));
        Assert.InRange(published.Nats - ours.Diffusion, -4 * error, 4 * error);
        Assert.InRange(error, 1e-6, 0.05 * ours.Diffusion);
    }

    [Fact]
    public void A_network_may_be_given_one_sigma_whatever_the_noise()
    {
        var asked = new GivenSigma();
        var protocol = new PublishedProtocol { Loss = PublishedLoss.Masked, Batch = 2, GivenSigma = 1e-3 };
        new PublishedPerplexity(Row("gamma"), protocol, RandomStream.Root(1), CPU).Of(asked, new Copies(4));
        Assert.Equal([1e-3], asked.Sigma.Distinct());
        asked.Sigma.Clear();
        new PublishedPerplexity(Row("sedd-absorb"), new() { ScheduleEnd = 1e-3 }, RandomStream.Root(1), CPU).Of(asked, new Copies(4));
        Assert.True(asked.Sigma.Distinct().Count() > 1);
    }

    [Fact]
    public void An_autoregressive_network_reads_the_first_token_and_its_probabilities_of_the_others_sum_to_one()
    {
        var method = Row("ar");
        double all = AllStrings.Of(3, 3).Sum(rest =>
        {
            var rows = new Copies(1) { Tokens = [2, .. rest], GivesFirst = true };
            var estimate = new PublishedPerplexity(method, new(), RandomStream.Root(1), CPU).Of(new ToyDenoiser(), rows);
            Assert.Equal(3, estimate.Tokens);
            return Math.Exp(-3 * estimate.Nats);
        });
        Assert.InRange(all, 1 - 1e-9, 1 + 1e-9);
    }

    [Fact]
    public void Padding_is_not_counted_and_yet_seen_and_noisy()
    {
        var seen = new GivenSigma();
        var rows = new Copies(200) { Padding = 2 };
        var estimate = new PublishedPerplexity(Row("mdlm"), new() { ScheduleEnd = 1e-3 }, RandomStream.Root(1), CPU).Of(seen, rows);
        Assert.Equal(200 * (Length - 2), estimate.Tokens);
        Assert.Contains(seen.Tokens, row => row[^1] == Toy.MaskId);
        Assert.Contains(seen.Tokens, row => row[^1] == X0[^1]);
    }

    [Fact]
    public void A_given_token_is_neither_noisy_nor_counted()
    {
        var seen = new GivenSigma();
        var estimate = new PublishedPerplexity(Row("mdlm"), new() { ScheduleEnd = 1e-3 }, RandomStream.Root(1), CPU)
            .Of(seen, new Copies(50) { GivesFirst = true });
        Assert.Equal(50 * (Length - 1), estimate.Tokens);
        Assert.All(seen.Tokens, row => Assert.Equal(X0[0], row[0]));
    }

    [Fact]
    public void Times_are_strata_or_a_lattice_with_one_offset()
    {
        var protocol = new PublishedProtocol { LeastTime = 0.1, MostTime = 0.9 };
        PublishedPerplexity Of(PublishedProtocol asked) => new(Row("mdlm"), asked, RandomStream.Root(1), CPU);
        double[] own = [.. Of(protocol).Times(2, 2, k => 0.25 * (k + 0.5)).SelectMany(times => times)];
        Close.Assert([0.1 + (0.8 * 0.125 / 4), 0.1 + (0.8 * 1.375 / 4), 0.1 + (0.8 * 2.625 / 4), 0.1 + (0.8 * 3.875 / 4)], own, 1e-12);
        double[] shared = [.. Of(protocol with { IsOffsetShared = true }).Times(4, 1, k => k == 0 ? 0.6 : 0.1).SelectMany(times => times)];
        Close.Assert([0.1 + (0.8 * 0.6), 0.1 + (0.8 * 0.85), 0.1 + (0.8 * 0.1), 0.1 + (0.8 * 0.35)], shared, 1e-12);
    }

    private static NetworkMethod Row(string name) => (NetworkMethod)MethodTable.Find(name)!;

    private static void AssertNats(double expected, NetworkMethod method, PublishedProtocol protocol)
    {
        var estimate = new PublishedPerplexity(method, protocol, RandomStream.Root(1), CPU).Of(new ToyDenoiser(), new Copies(6400));
        Assert.InRange(estimate.StandardError * Length, 0.001, 0.1);
        Assert.InRange((estimate.Nats * Length) - expected, -4 * estimate.StandardError * Length, 4 * estimate.StandardError * Length);
    }

    /// <summary>One sequence many times, each with a number of its own.</summary>
    private sealed class Copies(int count) : IExamples
    {
        public long[] Tokens { get; init; } = X0;

        public bool GivesFirst { get; init; }

        public int Padding { get; init; }

        public Vocabulary Vocabulary => Toy;

        public int Length => Tokens.Length;

        public long Count => count;

        public ExampleBatch Read(long first, int count) => new(
            [.. Enumerable.Repeat(Tokens, count).SelectMany(tokens => tokens)],
            [.. Enumerable.Range((int)first, count).Select(i => (long)i)])
        {
            Given = GivesFirst ? [.. Enumerable.Range(0, count * Length).Select(at => at % Length == 0)] : null,
            Lengths = Padding > 0 ? [.. Enumerable.Repeat(Length - Padding, count)] : null,
        };
    }

    /// <summary>Records what it is asked.</summary>
    private sealed class GivenSigma : IDenoiser
    {
        public List<double> Sigma { get; } = [];

        public List<long[]> Tokens { get; } = [];

        public Tensor Logits(DenoiserInput input)
        {
            if (input.Sigma is { } sigma)
                Sigma.AddRange(sigma.to(float64).data<double>().ToArray());
            Tokens.AddRange(input.Tokens.data<long>().ToArray().Chunk((int)input.Tokens.size(1)));
            return new ToyDenoiser().Logits(input);
        }
    }
}
