using Bench.Attention;
using Bench.Backbone;
using Bench.Data;
using Bench.Data.Tokens;
using Bench.Hyperschedules;
using Bench.Kernels;
using Bench.Noise;
using Bench.Noise.Schedules;
using Bench.Numerics;
using Bench.Objectives;
using Bench.Tests.Golden;
using Xunit;
using static TorchSharp.torch;

namespace Bench.Tests.Objectives;

public sealed class ScoreEntropyTests
{
    private const int N = ToyDenoiser.TokenCount;

    // Every pair of a clean and a noisy token, at an early, a middle and a late time.
    private static readonly double[] Times = [0.03, 0.4, 0.9];

    public static TheoryData<INoiseProcess> Processes() =>
        new() { new Absorbing(), new Uniform(), new GammaHybrid(0.05), new GammaHybrid(0.5) };

    [Theory, MemberData(nameof(Processes))]
    public void It_is_zero_at_the_true_scores_and_positive_at_others(INoiseProcess process)
    {
        var (setup, batch) = Everything(process);
        double[] truth = [.. Enumerable.Range(0, batch.Tokens.Length).SelectMany(at => TrueScores(setup, batch, at))];
        var exact = Nats(setup, batch, truth);
        Assert.InRange(exact.Max(Math.Abs), 0, 1e-11);
        var random = RandomStream.Root(8);
        double[] other = Nats(setup, batch, [.. truth.Select((value, i) => value + random.Uniform(0, i))]);
        bool[] counts = [.. batch.Tokens.Select(token => token == N ? process.RatesAt(1).Mask > 0 : process.RatesAt(1).Uniform > 0)];
        Assert.All(other.Zip(counts), entry => Assert.True(entry.Second ? entry.First > 1e-7 : entry.First == 0));
    }

    [Theory, MemberData(nameof(Processes))]
    public void At_the_scores_of_a_prediction_it_is_the_bound_of_the_prediction(INoiseProcess process)
    {
        var (setup, batch) = Everything(process);
        var bound = new Nelbo(setup, Continuous: true).Of(new ToyDenoiser(), batch, CPU);
        foreach (bool scaled in new[] { false, true })
        {
            var entropy = new ScoreEntropy(setup, scaled).Of(new ScoreDenoiser(new ToyDenoiser(), process, scaled), batch, CPU);
            Close.Assert(bound.data<double>().ToArray(), entropy, 1e-9, $"scaled: {scaled}");
        }
    }

    [Theory, InlineData(1, 4.497406544079), InlineData(2, 4.643723688326), InlineData(4, 4.795869807218)]
    public void Along_blocks_its_expectation_is_that_of_the_prediction(int width, double expected)
    {
        // The toy's values for left to right, blocks of two, all at once. Five standard errors: one false alarm in a million.
        const int rows = 1 << 13;
        var view = new BackboneView(Shifted: false, AttentionKind.Full, Conditioning.Sigma);
        var setup = new DiffusionSetup(new Vocabulary("toy", N), new Absorbing(), new LogLinear(0), Hyperschedule.Block(4, width, 4), view);
        var batch = new ExampleBatch([.. Enumerable.Range(0, rows).SelectMany(_ => new long[] { 0, 2, 1, 1 })],
            [.. Enumerable.Range(0, rows).Select(i => (long)i)]);
        var objective = new ScoreEntropy(setup, ScaledBySigma: true);
        double[] nats = objective.PerPosition(new ScoreDenoiser(new ToyDenoiser(), setup.Process, scaledBySigma: true), batch,
            Strata.Of(rows, _ => 0.5), RandomStream.Root(3), CPU)
            .sum([1]).data<double>().ToArray();
        double error = Math.Sqrt(nats.Select(value => Math.Pow(value - nats.Average(), 2)).Average() / rows);
        Assert.InRange(nats.Average(), expected - (5 * error), expected + (5 * error));
    }

    [Theory, InlineData(0.05), InlineData(0.6), InlineData(0.97)]
    public void For_absorbing_noise_it_is_the_masked_bound_and_the_terms_of_scores_that_do_not_sum_to_one(double t)
    {
        double[] outputs = [0.3, -1.1, 0.8, 5];
        var setup = Setup(new Absorbing(), 1);
        var batch = GivenNoise.Batch(setup, [2], [N], [t]);
        double total = outputs[..N].Sum(Math.Exp) / N; // Z, of which the scores make Z/(e^σ − 1)
        double masked =
            CrossEntropy.Weighted(Network(outputs), batch, [new MaskedNelbo(setup).Weight(batch.LevelDraws[0], 0)], N, CPU).item<double>();
        double excess = setup.Schedule.MaskedWeight(t) * (total - 1 - Math.Log(total));
        double entropy = new ScoreEntropy(setup, ScaledBySigma: true).Of(Network(outputs), batch, CPU).item<double>();
        Assert.Equal(masked + excess, entropy, 1e-12 * entropy);

        double[] distribution = [.. outputs[..N].Select(output => output - Math.Log(total)), 0];
        Assert.Equal(masked, new ScoreEntropy(setup, ScaledBySigma: true).Of(Network(distribution), batch, CPU).item<double>(),
            1e-12 * masked);
    }

    [Theory, InlineData(1, 0.400410717945), InlineData(3, 0.698415053411)]
    public void For_uniform_noise_it_is_the_published_closed_form(int x0, double expected)
    {
        // N = 5, σ = 0.83, ln s_y = 0.1 y − 0.2 and x_t = 1; the rate σ' is 1.
        var setup = Setup(new Uniform(), 1, new Linear(0.33, 1.33), 5);
        double[] outputs = [.. Enumerable.Range(0, 6).Select(y => (0.1 * y) - 0.2)];
        Assert.Equal(expected,
            new ScoreEntropy(setup, ScaledBySigma: false).Of(Network(outputs), GivenNoise.Batch(setup, [x0], [1], [0.5]), CPU)
                .item<double>(), 1e-11);
    }

    [Theory, InlineData(5, 3.1882391288, 3.4944841590), InlineData(2, 0.0706307457, 0.0397533113),
        InlineData(1, 4.1517533303, 0.0841924344)]
    public void For_hybrid_noise_the_bound_and_the_released_form_have_the_known_values(int xt, double bound, double released)
    {
        // HDLM: N = 5, γ = 0.1, σ = 0.7, x_0 = 2.
        var setup = Setup(new GammaHybrid(0.1), 1, new Linear(0.2, 1.2), 5);
        var network = Network([0.1, -0.2, 0.3, 0.0, -0.1, 0.5]);
        var batch = GivenNoise.Batch(setup, [2], [xt], [0.5]);
        Assert.Equal(bound, new ScoreEntropy(setup, ScaledBySigma: false).Of(network, batch, CPU).item<double>(), 1e-9);
        Assert.Equal(released, new ReleasedScoreEntropy(setup, 0.1, ScaledBySigma: false).Of(network, batch, CPU).item<double>(), 1e-9);
    }

    [Theory, MemberData(nameof(Processes))]
    public void Its_gradient_is_that_of_its_value(INoiseProcess process)
    {
        var (setup, batch) = Everything(process);
        var random = RandomStream.Root(4);
        double[] outputs = [.. Enumerable.Range(0, batch.Tokens.Length * (N + 1)).Select(i => random.Uniform(0, i) - 0.5)];
        var leaf = tensor(outputs, [batch.Clean.Rows, 1, N + 1]).requires_grad_(true);
        Backpropagation.Run(new ScoreEntropy(setup, ScaledBySigma: true).Of(new FixedLogits(leaf), batch, CPU).sum());
        double[] gradient = leaf.grad!.flatten().data<double>().ToArray();
        const double h = 1e-5;
        for (int i = 0; i < outputs.Length; i++)
        {
            double Value(double shift) => Nats(setup, batch, [.. outputs.Select((x, j) => i == j ? x + shift : x)], scaled: true).Sum();
            Assert.Equal((Value(h) - Value(-h)) / (2 * h), gradient[i], 1e-6 * Math.Max(1, Math.Abs(gradient[i])));
        }
    }

    [Theory, InlineData(1e-9), InlineData(1e-6), InlineData(1 - 1e-9)]
    public void In_single_precision_it_holds_at_both_ends_of_time(double t)
    {
        // e^σ − 1 is 1e-9 here and 1e9 there: scores and weight apart would lose the loss.
        var setup = Setup(new Absorbing(), 1);
        var batch = GivenNoise.Batch(setup, [2], [N], [t]);
        double[] outputs = [0.3, -1.1, 0.8, 5];
        var objective = new ScoreEntropy(setup, ScaledBySigma: true);
        double exact = objective.Of(Network(outputs), batch, CPU).item<double>();
        double single = objective.Of(new FixedLogits(tensor(outputs, [1, 1, N + 1], float32)), batch, CPU).item<float>();
        Assert.Equal(exact, single, 1e-5 * exact);
    }

    [Theory, MemberData(nameof(Processes))]
    public void With_the_exact_scores_the_bound_is_the_entropy_of_the_source(INoiseProcess process)
    {
        // One position: the bound, averaged over the source, is its entropy. Midpoints in σ from 10⁻⁶ to 12 leave out less than the
        // tolerance.
        double[] source = [0.2, 0.5, 0.3];
        const int points = 4000;
        var setup = Setup(process, 1, new Geometric(1e-6, 12));
        var draws = (
            from k in Enumerable.Range(0, points) from x0 in Enumerable.Range(0, N) from xt in Enumerable.Range(0, N + 1)
                select (T: (k + 0.5) / points, X0: x0, Xt: xt)).ToArray();
        double[] weights = [.. draws.Select(draw => source[draw.X0] * setup.At(draw.T).Probability(draw.Xt, draw.X0, N) / points)];
        draws = [.. draws.Where((_, i) => weights[i] > 0)];
        weights = [.. weights.Where(weight => weight > 0)];
        var batch = GivenNoise.Batch(setup, [.. draws.Select(draw => (long)draw.X0)], [.. draws.Select(draw => (long)draw.Xt)],
            [.. draws.Select(draw => draw.T)]);
        double[] scores =
            [.. draws.SelectMany(draw => Scores.OfPrediction(source, setup.At(draw.T), draw.Xt).Select(score => Math.Log(score)))];
        double bound = Nats(setup, batch, scores).Zip(weights, (nats, weight) => nats * weight).Sum();
        Assert.Equal(source.Sum(p => -p * Math.Log(p)), bound, 1e-3);
    }

    [Fact]
    public void The_constants_are_zero_where_the_schedule_reaches_both_ends()
    {
        Assert.Equal(default, new ScoreEntropy(Setup(new Absorbing(), 1), ScaledBySigma: true).Constants);
        var constants = new ScoreEntropy(Setup(new Uniform(), 1, new Geometric(1e-4, 20)), ScaledBySigma: false).Constants;
        Assert.InRange(constants.Prior, 1e-20, 1e-8);
        Assert.Equal(double.PositiveInfinity, constants.Reconstruction);
        Assert.Equal(double.PositiveInfinity,
            new ScoreEntropy(Setup(new Absorbing(), 1, new LogLinear(1e-3)), ScaledBySigma: true).Constants.Prior);
        // against the distribution that generation starts from
        Assert.Equal(0.0318, new ScoreEntropy(Setup(new GammaHybrid(0.3), 1, new LogLinear(0.05), 3), ScaledBySigma: false).Constants.Prior,
            1e-4);
    }

    [Fact]
    public void Only_counted_positions_are_requested_of_the_network()
    {
        var setup = Setup(new Absorbing(), 4);
        var spy = new Spy();
        var nats = new ScoreEntropy(setup, ScaledBySigma: true).Of(spy,
            GivenNoise.Batch(setup, [0, 1, 2, 0], [0, N, 2, N], [0.5, 0.5, 0.5, 0.5]), CPU);
        Assert.Equal([1, 3], spy.Asked);
        Assert.Equal([true, false, true, false], nats.data<double>().ToArray().Select(value => value == 0));
    }

    private static DiffusionSetup Setup(INoiseProcess process, int length, INoiseSchedule? schedule = null, int tokenCount = N) =>
        GivenNoise.Setup(tokenCount, process, schedule ?? new LogLinear(0), length);

    // Rows of one position: all clean tokens, all noisy tokens that they may become, all times.
    private static (DiffusionSetup Problem, NoisyBatch Batch) Everything(INoiseProcess process)
    {
        var setup = Setup(process, 1);
        var all = (
            from t in Times from x0 in Enumerable.Range(0, N) from xt in Enumerable.Range(0, N + 1)
                where setup.At(t).Probability(xt, x0, N) > 0 select (T: t, X0: x0, Xt: xt)).ToArray();
        return (setup,
            GivenNoise.Batch(setup, [.. all.Select(entry => (long)entry.X0)], [.. all.Select(entry => (long)entry.Xt)],
                [.. all.Select(entry => entry.T)]));
    }

    private static IEnumerable<double> TrueScores(DiffusionSetup setup, NoisyBatch batch, int at)
    {
        var t = setup.At(batch.LevelDraws[at].Times[0]);
        var (x0, xt) = ((int)batch.Clean.Tokens[at], (int)batch.Tokens[at]);
        return Enumerable.Range(0, N + 1).Select(y => Math.Log(t.Probability(y, x0, N) / t.Probability(xt, x0, N)));
    }

    private static double[] Nats(DiffusionSetup setup, NoisyBatch batch, double[] outputs, bool scaled = false) =>
        new ScoreEntropy(setup, scaled).Of(new FixedLogits(tensor(outputs, [batch.Clean.Rows, 1, N + 1])), batch, CPU).flatten()
            .data<double>().ToArray();

    private static FixedLogits Network(double[] outputs) => new(tensor(outputs, [1, 1, outputs.Length]));

    private sealed class Spy : IDenoiser
    {
        public long[] Asked { get; private set; } = [];

        public Tensor Logits(DenoiserInput asked)
        {
            var (_, _, wanted, _) = asked;
            Asked = wanted!.data<long>().ToArray();
            return zeros([Asked.Length, N + 1], float64);
        }
    }
}
