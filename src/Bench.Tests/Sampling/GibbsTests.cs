using Bench.Backbone;
using Bench.Data.Tokens;
using Bench.Hyperschedules;
using Bench.Kernels;
using Bench.Noise;
using Bench.Numerics;
using Bench.Objectives;
using Bench.Sampling;
using Bench.Sampling.Samplers;
using Bench.Tests.Golden;
using Bench.Tests.Objectives;
using Xunit;
using static TorchSharp.torch;
using Close = Bench.Tests.Golden.Close;

namespace Bench.Tests.Sampling;

/// <summary>The leave-one-out corrector, by enumeration of all noisy sequences of two positions over three tokens.</summary>
public sealed class GibbsTests
{
    private const int N = 3;

    // Two positions that depend on each other.
    private static readonly double[] Joint = [0.3, 0.02, 0.05, 0.03, 0.2, 0.05, 0.1, 0.05, 0.2];

    private static readonly long[][] States = AllStrings.Of(N + 1, 2);

    public static TheoryData<INoiseProcess> Processes() =>
        [new Uniform(), new Absorbing(), new GammaHybrid(0.3), new EpsilonHybrid(0.2), new Gidd(0.3), new ConstantMix(0.4), new Scdd(0.3)];

    [Theory, MemberData(nameof(Processes))]
    public void A_position_is_drawn_from_its_distribution_given_the_others(INoiseProcess process)
    {
        var now = process.At(0.5);
        double[] noisy = Noisy(now);
        foreach (var (n, z) in States.Index().Where(entry => noisy[entry.Index] > 0))
        {
            for (int i = 0; i < 2; i++)
            {
                double[] conditional = [.. Enumerable.Range(0, N + 1).Select(y => noisy[Index(With(z, i, y))])];
                Close.Assert([.. conditional.Select(p => p / conditional.Sum())], Redrawn(z, i, now), 1e-12, $"{process.Name}, {n}, {i}");
            }
        }
    }

    [Theory, MemberData(nameof(Processes))]
    public void One_position_at_a_time_leaves_noisy_text_as_it_is_and_two_at_once_do_not(INoiseProcess process)
    {
        var now = process.At(0.5);
        double[] noisy = Noisy(now), single = new double[noisy.Length], both = new double[noisy.Length];
        foreach (var (n, z) in States.Index().Where(entry => noisy[entry.Index] > 0))
        {
            double[][] redrawn = [Redrawn(z, 0, now), Redrawn(z, 1, now)];
            for (int y = 0; y <= N; y++)
            {
                for (int i = 0; i < 2; i++)
                    single[Index(With(z, i, y))] += noisy[n] * redrawn[i][y] / 2;
                for (int w = 0; w <= N; w++)
                    both[Index([y, w])] += noisy[n] * redrawn[0][y] * redrawn[1][w];
            }
        }

        Close.Assert(noisy, single, 1e-12, process.Name);
        Assert.True(noisy.Zip(both, (p, q) => Math.Abs(p - q)).Max() > 1e-3, "the test would notice nothing");
    }

    // The sampler's own moves, from one sequence that is repeated: many of them forget it.
    [Theory, MemberData(nameof(Processes))]
    public void Many_corrections_lead_from_anywhere_to_noisy_text(INoiseProcess process)
    {
        const int Rows = 6000;
        var setup = EverySampler.Setup(process, Hyperschedule.Flat(2, 2));
        var now = setup.At(0.5);
        var state = Drawn.State(new JointOracle(N, Joint, now), setup, Rows, RandomStream.Root(1));
        for (int at = 0; at < state.Tokens.Length; at++)
            state.Tokens[at] = process is Absorbing ? N : 2 - (at % 2);
        var draws = RandomStream.Root(2);
        for (int n = 0; n < 24; n++)
            GibbsCorrection.Correct(state, 1, draws.Split($"place {n}"), draws.Split($"word {n}"));
        var counts = new double[States.Length];
        for (int row = 0; row < Rows; row++)
            counts[Index([state.Tokens[2 * row], state.Tokens[(2 * row) + 1]])]++;
        double[] noisy = Noisy(now);
        double squares = noisy.Zip(counts, (p, count) => p == 0 ? 1e9 * count : Math.Pow(count - (Rows * p), 2) / (Rows * p)).Sum();
        // χ² with at most 15 degrees of freedom exceeds 44 once in ten thousand.
        Assert.InRange(squares, 0, 44);
    }

    // ε-hybrids are trained on visible tokens, too, and yet their outputs leave a position's own token out.
    [Fact]
    public void The_minimiser_of_the_hybrid_cross_entropy_predicts_what_is_redrawn()
    {
        using var scope = NewDisposeScope();
        var setup = EverySampler.Setup(new EpsilonHybrid(0.2), Hyperschedule.Flat(2, 2));
        var now = setup.At(0.5);
        (int Text, long[] X, int State, long[] Z)[] pairs =
            [.. from x in AllStrings.Of(N, 2).Index() from z in States.Index() select (x.Index, x.Item, z.Index, z.Item)];
        var batch = NoisyBatch.Of(setup, new ExampleBatch([.. pairs.SelectMany(pair => pair.X)], [.. pairs.Select((_, n) => (long)n)]),
            [.. pairs.SelectMany(pair => pair.Z)], [.. pairs.Select(_ => new LevelDraw([0, 0], [0.5, 0.5], null, 1))]);
        double[] probabilities = [.. pairs.Select(pair => Joint[pair.Text] * now.Probability((int)pair.Z[0], (int)pair.X[0], N)
            * now.Probability((int)pair.Z[1], (int)pair.X[1], N))];
        Assert.All(Slope((z, i) => Prediction(z, i, now)), slope => Assert.Equal(0, slope, 1e-12));
        Assert.True(
            Slope((z, i) => z[i] == N ? Prediction(z, i, now) : Scores.PosteriorOf(Prediction(z, i, now), now, (int)z[i]))
                .Max(Math.Abs) > 1e-3,
            "predictions from the own token would do as well");

        // Of the expected loss, at logits for each position of each noisy sequence.
        double[] Slope(Func<long[], int, double[]> predicted)
        {
            double[] logits = [.. from z in States from i in new[] { 0, 1 } from p in predicted(z, i).Append(1) select Math.Log(p)];
            var leaf = tensor(logits, [States.Length, 2, N + 1]).requires_grad_();
            var network = new FixedLogits(leaf.index_select(0, tensor([.. pairs.Select(pair => (long)pair.State)])));
            var nats = new HybridCrossEntropy(setup, Lambda: 0.7, PerVisible: false, Continuous: true).Of(network, batch, CPU);
            Backpropagation.Run((nats.sum([1]) * tensor(probabilities)).sum());
            return leaf.grad!.data<double>().ToArray();
        }
    }

    [Theory, MemberData(nameof(Processes))]
    public void Without_corrections_it_is_ancestral(INoiseProcess process)
    {
        foreach (var path in new[] { Hyperschedule.Flat(4, 6), Hyperschedule.Block(4, 2, 3) })
        {
            var setup = EverySampler.Setup(process, path);
            Assert.Equal(new Ancestral().Generate(new ToyDenoiser(), setup, 20, RandomStream.Root(3)).Sequences,
                new GibbsCorrection(0).Generate(new ToyDenoiser(), setup, 20, RandomStream.Root(3)).Sequences);
        }
    }

    [Fact]
    public void Each_correction_is_a_call_and_the_step_that_settles_has_none()
    {
        var setup = EverySampler.Setup(new Uniform(), Hyperschedule.Flat(4, 6));
        int Calls(int corrections) =>
            new GibbsCorrection(corrections).Generate(new ToyDenoiser(), setup, 20, RandomStream.Root(3)).NetworkCalls;
        Assert.Equal(Calls(0) + (5 * 3), Calls(3));
    }

    // What the sampler draws a position from, given what an exact network says.
    private static double[] Redrawn(long[] z, int position, Marginal now)
    {
        double[] distribution = [.. Prediction(z, position, now), 0];
        GibbsCorrection.ToNoisy(distribution, now);
        return distribution;
    }

    // p(x_i | z_{−i})
    private static double[] Prediction(long[] z, int position, Marginal now)
    {
        var distribution = new double[N];
        foreach (var (n, x) in AllStrings.Of(N, 2).Index())
            distribution[x[position]] += Joint[n] * now.Probability((int)z[1 - position], (int)x[1 - position], N);
        double total = distribution.Sum();
        return Array.ConvertAll(distribution, p => p / total);
    }

    private static double[] Noisy(Marginal now) =>
        [.. States.Select(z => AllStrings.Of(N, 2).Index().Sum(entry => Joint[entry.Index]
            * now.Probability((int)z[0], (int)entry.Item[0], N) * now.Probability((int)z[1], (int)entry.Item[1], N)))];

    private static long[] With(long[] z, int position, long token)
    {
        long[] changed = [.. z];
        changed[position] = token;
        return changed;
    }

    private static int Index(long[] z) => (int)((z[0] * (N + 1)) + z[1]);
}
