using Bench.Attention;
using Bench.Backbone;
using Bench.Data;
using Bench.Hyperschedules;
using Bench.Noise;
using Bench.Noise.Schedules;
using Bench.Numerics;
using Bench.Sampling;
using Bench.Sampling.Samplers;
using Bench.Tests.Objectives;
using Xunit;
using static TorchSharp.torch;

namespace Bench.Tests.Sampling;

public sealed class AncestralTests
{
    private const int Count = 20_000;

    private static readonly Vocabulary Vocabulary = new("toy", ToyDenoiser.TokenCount);
    private static readonly BackboneView Aligned = new(Shifted: false, AttentionKind.Full, Conditioning.Constant);

    // Total variation between a distribution of 27 outcomes and 20,000 draws from it is below 0.02 but for one time in a million.
    private const double Allowed = 0.02;

    [Fact]
    public void Along_the_autoregressive_schedule_tokens_are_drawn_left_to_right()
    {
        double[] distribution =
            Distribution((0, z => Enumerable.Range(0, 3).Select(v => Math.Exp(-ToyDenoiser.Nats(NextMasked(z), v, z)))));
        Assert.InRange(Distance(distribution, Draw(Hyperschedule.Autoregressive(3))), 0, Allowed);
    }

    [Fact]
    public void Along_a_flat_schedule_of_one_step_tokens_are_drawn_independently()
    {
        double[] distribution = [.. Enumerable.Range(0, 27)
            .Select(n => Math.Exp(-Sequence(n).Select((token, i) => ToyDenoiser.Nats(i, token, [3, 3, 3])).Sum()))];
        Assert.InRange(Distance(distribution, Draw(Hyperschedule.Flat(3, 1))), 0, Allowed);
    }

    [Fact]
    public void Along_a_fine_flat_schedule_the_order_is_uniformly_random()
    {
        // baselines: the distribution of T steps is within 0.0099 of random order at T = 40 and 0.0025 at T = 160.
        Assert.InRange(Distance(RandomOrder.Distribution(3), Draw(Hyperschedule.Flat(3, 160))), 0, Allowed + 0.0025);
    }

    [Theory, InlineData(1, 1), InlineData(8, 8), InlineData(64, 9)]
    public void A_flat_schedule_calls_the_network_at_most_once_a_step_and_not_when_nothing_is_revealed(int depth, int atMost)
    {
        var generation = Generate(Hyperschedule.Flat(3, depth), 3);
        Assert.InRange(generation.NetworkCalls, 1, atMost);
    }

    [Fact]
    public void A_sample_depends_on_its_number_and_not_on_how_many_are_drawn()
    {
        int[][] many = Generate(Hyperschedule.Flat(4, 8), 10).Sequences;
        int[][] few = Generate(Hyperschedule.Flat(4, 8), 3).Sequences;
        Assert.Equal(many[..3], few);
        Assert.All(many, sequence => Assert.All(sequence, token => Assert.InRange(token, 0, 2)));
    }

    [Fact]
    public void In_the_shifted_view_the_output_before_a_position_predicts_it()
    {
        // The network is asked for positions of [mask, x_0, x_1]: its row i must be used for token i.
        var seen = new List<long[]>();
        var spy = new Spy(tokens => seen.Add(tokens.data<long>().ToArray()));
        var view = new BackboneView(Shifted: true, AttentionKind.Causal, Conditioning.Absent);
        var generation = new Ancestral().Generate(spy, Setup(Hyperschedule.Autoregressive(3), view), 1, RandomStream.Root(1));
        int[] x = generation.Sequences[0];
        Assert.Equal([[3], [3, x[0]], [3, x[0], x[1]]], seen);
    }

    [Fact]
    public void Positions_that_are_settled_from_the_start_need_a_prompt() =>
        Assert.Throws<ArgumentException>(() => Generate(Hyperschedule.Flat(3, 2).WithPrefix(1), 1));

    [Fact]
    public void Categorical_draws_never_pick_what_is_impossible()
    {
        Assert.Equal(1, Categorical.Draw([0, 0.5, 0, 0.5, 0], 1e-300));
        Assert.Equal(3, Categorical.Draw([0, 0.5, 0, 0.5, 0], 1 - 1e-16));
        Assert.Throws<ArgumentException>(() => Categorical.Draw([0, 0], 0.5));
        Assert.Contains("empty", Assert.Throws<ArgumentException>(() => Categorical.Draw([], 0.5)).Message, StringComparison.Ordinal);
        foreach (double weight in new[] { double.NaN, -0.1, double.PositiveInfinity })
            Assert.Contains("weights[1] is", Assert.Throws<ArgumentOutOfRangeException>(() => Categorical.Draw([0.5, weight, 0.5], 0.1))
                .Message, StringComparison.Ordinal);
        foreach (double u in new[] { double.NaN, -0.1, 1, 1.5 })
            Assert.Contains("u is", Assert.Throws<ArgumentOutOfRangeException>(() => Categorical.Draw([0.5, 0.5], u)).Message,
                StringComparison.Ordinal);
    }

    private static Generation Generate(Hyperschedule schedule, int count) =>
        new Ancestral().Generate(new ToyDenoiser(), Setup(schedule, Aligned), count, RandomStream.Root(5));

    private static DiffusionSetup Setup(Hyperschedule schedule, BackboneView view) =>
        new(Vocabulary, new Absorbing(), new LogLinear(0), schedule, view);

    private static double[] Draw(Hyperschedule schedule)
    {
        var frequencies = new double[27];
        foreach (int[] sequence in Generate(schedule, Count).Sequences)
            frequencies[(sequence[0] * 9) + (sequence[1] * 3) + sequence[2]] += 1.0 / Count;
        return frequencies;
    }

    private static long[] Sequence(int n) => [n / 9, n / 3 % 3, n % 3];

    private static int NextMasked(long[] z) => Array.IndexOf(z, 3);

    // The prefix alone is seen: the window of the sampler ends at the active position.
    private static double[] Distribution((int Start, Func<long[], IEnumerable<double>> Next) rule)
    {
        var distribution = new double[27];
        for (int n = 0; n < 27; n++)
        {
            double probability = 1;
            for (int i = rule.Start; i < 3; i++)
            {
                long[] z = [.. Sequence(n)[..i], 3];
                probability *= rule.Next(z).ElementAt((int)Sequence(n)[i]);
            }

            distribution[n] = probability;
        }

        return distribution;
    }

    private static double Distance(double[] distribution, double[] frequencies) =>
        distribution.Zip(frequencies, (p, q) => Math.Abs(p - q)).Sum() / 2;

    private sealed class Spy(Action<Tensor> see) : IDenoiser
    {
        public Tensor Logits(DenoiserInput asked)
        {
            var (tokens, _, positions, _) = asked;
            see(tokens);
            return zeros([positions!.size(0), 4], float32);
        }
    }
}
