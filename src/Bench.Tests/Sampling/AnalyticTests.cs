using Bench.Attention;
using Bench.Backbone;
using Bench.Data;
using Bench.Hyperschedules;
using Bench.Noise;
using Bench.Noise.Schedules;
using Bench.Numerics;
using Bench.Sampling;
using Bench.Sampling.Samplers;
using Bench.Tests.Golden;
using Bench.Tests.Objectives;
using Xunit;
using Close = Bench.Tests.Golden.Close;
using static TorchSharp.torch;

namespace Bench.Tests.Sampling;

/// <summary>Samplers whose every step depends on the network, against exact distributions of a toy with three tokens.</summary>
public sealed class AnalyticTests
{
    private const int Count = 20_000;

    // Total variation between a distribution of 27 outcomes and 20,000 draws from it is below 0.02 but for one time in a million.
    private const double Allowed = 0.02;

    private static readonly Vocabulary Vocabulary = new("toy", ToyDenoiser.TokenCount);

    // baselines: how far the T-step ancestral distribution is from that of a uniformly random order.
    [Theory, InlineData(1, 0.3405), InlineData(3, 0.1213), InlineData(10, 0.0388), InlineData(40, 0.0099), InlineData(160, 0.0025)]
    public void The_ancestral_distribution_approaches_random_order_as_steps_get_shorter(int depth, double expected)
    {
        double distance = ExactDenoiser.Distance(RandomOrder.Distribution(3),
            ExactDenoiser.Of(new Ancestral(), new ToyDenoiser(), Setup(new Absorbing(), new LogLinear(0), 3, depth)));
        Assert.InRange(distance, expected - 0.00005, expected + 0.00005);
    }

    public static TheoryData<INoiseProcess, INoiseSchedule, bool> Setups() => new()
    {
        { new Absorbing(), new LogLinear(0), true },
        { new Absorbing(), new LogLinear(0.05), false },
        { new Uniform(), new LogLinear(0.05), false },
        { new GammaHybrid(0.3), new LogLinear(0.05), false },
        { new GammaHybrid(0.3), new LogLinear(0.05), true },
    };

    [Theory, MemberData(nameof(Setups))]
    public void Scores_of_a_prediction_generate_what_ancestral_steps_of_the_prediction_do(INoiseProcess process, INoiseSchedule schedule,
        bool scaledBySigma)
    {
        var setup = Setup(process, schedule, 3, 5);
        double[] distribution = ExactDenoiser.Of(new Ancestral(), new ToyDenoiser(), setup);
        var network = new ScoreDenoiser(new ToyDenoiser(), process, scaledBySigma);
        Assert.InRange(ExactDenoiser.Distance(distribution, Draw(new Analytic(scaledBySigma), network, setup)), 0, Allowed);
    }

    [Fact]
    public void Euler_steps_are_analytic_ones_to_first_order()
    {
        var setup = Setup(new GammaHybrid(0.3), new LogLinear(0.05), 1, 10);
        foreach (int xt in new[] { 1, 3 })
        {
            double Off(double length)
            {
                double[] exact = [0.3, -0.2, 0.1, 0.4], euler = [0.3, -0.2, 0.1, 0.4];
                new Analytic(ScaledBySigma: false).Weigh(setup, exact, xt, 0.5, 0.5 - length);
                new Euler(ScaledBySigma: false).Weigh(setup, euler, xt, 0.5, 0.5 - length);
                return exact.Zip(euler, (p, q) => Math.Abs(p - q)).Sum();
            }

            Assert.InRange(Off(1e-3) / Off(1e-4), 95, 105);
        }
    }

    [Fact]
    public void Mass_on_the_mask_keeps_tokens_masked_by_Bayes_rule()
    {
        Marginal s = new Absorbing().At(0.3), t = new Absorbing().At(0.8);
        double[] prediction = [0.2, 0.3, 0.4, 0.1]; // the last is the mask
        double[] joint = [.. Enumerable.Range(0, 4)
            .Select(y => t.Since(s).Probability(3, y, 3) * Enumerable.Range(0, 4).Sum(j => prediction[j] * s.Probability(y, j, 3)))];
        double[] distribution = [.. prediction.Select(p => Math.Log(p) + 2)];
        D3pmAncestral.Weigh(distribution, s, t);
        Close.Assert([.. joint.Select(p => p / joint.Sum())], distribution, 1e-13);
    }

    [Fact]
    public void Probability_of_the_mask_delays_tokens_as_its_distribution_predicts()
    {
        var setup = Setup(new Absorbing(), new LogLinear(0), 3, 4);
        double[] distribution = ExactDenoiser.Of(setup, (i, x, now, next) =>
        {
            if (x[i] != 3)
                return OneHot(x[i]);
            double[] weights = [.. Toy(i, x).Select(p => Math.Log(p * 0.7)), Math.Log(0.3)];
            D3pmAncestral.Weigh(weights, setup.At(next), setup.At(now));
            return weights;
        });
        Assert.InRange(ExactDenoiser.Distance(distribution, Draw(new D3pmAncestral(), new WithMask(0.3), setup)), 0, Allowed);
    }

    [Fact]
    public void Infinite_noise_is_refused_where_scores_say_nothing()
    {
        var network = new ScoreDenoiser(new ToyDenoiser(), new Uniform(), scaledBySigma: false);
        Assert.Throws<NotSupportedException>(
            () => Draw(new Analytic(ScaledBySigma: false), network, Setup(new Uniform(), new LogLinear(0), 3, 4)));
        Assert.Throws<NotSupportedException>(
            () => Draw(new Analytic(ScaledBySigma: true), network, Setup(new GammaHybrid(0.3), new LogLinear(0), 3, 4)));
        Assert.Throws<NotSupportedException>(
            () => Draw(new Euler(ScaledBySigma: true), network, Setup(new Absorbing(), new LogLinear(0), 3, 4)));
    }

    private static DiffusionSetup Setup(INoiseProcess process, INoiseSchedule schedule, int length, int depth) =>
        new(Vocabulary, process, schedule, Hyperschedule.Flat(length, depth),
            new BackboneView(Shifted: false, AttentionKind.Full, Conditioning.Sigma));

    private static double[] Toy(int position, long[] x) =>
        [.. Enumerable.Range(0, 3).Select(v => Math.Exp(-ToyDenoiser.Nats(position, v, x)))];

    private static double[] OneHot(long token) => [.. Enumerable.Range(0, 4).Select(y => y == token ? 1.0 : 0)];

    private static double[] Draw(ISampler sampler, IDenoiser network, DiffusionSetup setup)
    {
        var frequencies = new double[27];
        foreach (int[] sequence in sampler.Generate(network, setup, Count, RandomStream.Root(5)).Sequences)
            frequencies[(sequence[0] * 9) + (sequence[1] * 3) + sequence[2]] += 1.0 / Count;
        return frequencies;
    }

    // The toy with a share of every prediction on the mask.
    private sealed class WithMask(double share) : IDenoiser
    {
        public Tensor Logits(DenoiserInput asked)
        {
            var (tokens, sigma, wanted, layout) = asked;
            using var scope = NewDisposeScope();
            var tokenScores = new ToyDenoiser().Logits(tokens, sigma, wanted, layout).narrow(-1, 0, 3).log_softmax(-1)
                + Math.Log(1 - share);
            return cat([tokenScores, full([tokenScores.size(0), 1], Math.Log(share), float64, CPU)], -1).MoveToOuterDisposeScope();
        }
    }
}
