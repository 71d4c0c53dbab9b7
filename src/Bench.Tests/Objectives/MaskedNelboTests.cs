using System.Numerics;
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
using Close = Bench.Tests.Golden.Close;

namespace Bench.Tests.Objectives;

public sealed class MaskedNelboTests
{
    private const double Bound = 4.795869807218; // ∫ (−α')/(1 − α) E[CE] dt on the toy, by enumeration elsewhere

    private static readonly long[] X0 = [0, 2, 1, 1];
    private static readonly Vocabulary Vocabulary = new("toy", ToyDenoiser.TokenCount);
    private static readonly Lazy<double[]> Losses = new(Evaluate);

    [Fact]
    public void The_bound_is_a_sum_over_subsets()
    {
        // Σ_S CE(S) / (|S| C(L, |S|)), CE(S) the loss of the objective with exactly S masked.
        double sum = Subsets()
            .Sum(set => Loss(set, weight: 1) / (BitOperations.PopCount((uint)set) * Binomial(4, BitOperations.PopCount((uint)set))));
        Close.Assert(Bound, sum, 1e-11);
    }

    [Fact]
    public void The_bound_is_the_mean_over_orders_of_the_sequential_loss()
    {
        int[][] orders = [.. Orders([0, 1, 2, 3])];
        double mean = orders.Average(order =>
        {
            long[] z = [3, 3, 3, 3];
            double nats = 0;
            foreach (int i in order)
            {
                nats += ToyDenoiser.Nats(i, X0[i], z);
                z[i] = X0[i];
            }

            return nats;
        });
        Assert.Equal(24, orders.Length);
        Close.Assert(Bound, mean, 1e-11);
    }

    public static TheoryData<INoiseSchedule> Schedules() =>
        [new LogLinear(0), new Polynomial(2), new Cosine(1, 0), new Cosine(2, 0), new Logarithmic()];

    [Theory, MemberData(nameof(Schedules))]
    public void Every_schedule_gives_the_same_bound(INoiseSchedule schedule)
    {
        // E over masks in closed form, Simpson in t.
        const int n = 4000;
        double Integrand(double t)
        {
            double u = schedule.Jumped(t);
            return Subsets()
                .Sum(set => Math.Pow(u, BitOperations.PopCount((uint)set)) * Math.Pow(1 - u, 4 - BitOperations.PopCount((uint)set))
                * Loss(set, new MaskedNelbo(Setup(schedule)).Weight(new LevelDraw([0], [t], null, 1), 0)));
        }

        double[] values = [.. Enumerable.Range(0, n + 1).Select(i => Integrand(Math.Clamp((double)i / n, 1e-7, 1 - 1e-7)))];
        double integral = values.Select((value, i) => value * (i is 0 or n ? 1 : i % 2 == 1 ? 4 : 2)).Sum() / (3.0 * n);
        Close.Assert(Bound, integral, 2e-5);
    }

    [Fact]
    public void Times_from_epsilon_on_and_a_share_that_stays_clean_cut_off_both_ends()
    {
        // The estimator of the public code: t uniform in [ε, 1], a share (1 − ε) t masked. Its integrand is a cubic in t, for which two
        // Gauss points are exact.
        const double epsilon = 1e-3;
        var schedule = new LogLinear(epsilon);
        double mean = new[] { -1, 1 }.Average(side =>
        {
            double t = epsilon + ((1 - epsilon) * (0.5 + (side / Math.Sqrt(12)))), u = schedule.Jumped(t);
            return Subsets()
                .Sum(set => Math.Pow(u, BitOperations.PopCount((uint)set)) * Math.Pow(1 - u, 4 - BitOperations.PopCount((uint)set))
                * Loss(set, new MaskedNelbo(Setup(schedule)).Weight(new LevelDraw([0], [t], null, 1), 0)));
        });
        Close.Assert(4.792110432514, mean, 1e-11);
    }

    [Theory, InlineData(1, 6.082775), InlineData(2, 5.569435), InlineData(5, 5.136523), InlineData(10, 4.971401), InlineData(100, 4.813891),
        InlineData(1000, 4.797677)]
    public void In_T_steps_the_bound_is_the_right_Riemann_sum(int steps, double expected)
    {
        var objective = new MaskedNelbo(Setup(new LogLinear(0), steps), Continuous: false);
        double sum = Enumerable.Range(0, steps).Average(i =>
        {
            var step = objective.Setup.Hyperschedule.Draw((i + 0.5) / steps, _ => 0.5, continuous: false);
            double t = step.Times[0];
            return Subsets()
                .Sum(
                    set => Math.Pow(t, BitOperations.PopCount((uint)set)) * Math.Pow(1 - t, 4 - BitOperations.PopCount((uint)set))
                        * Loss(set, objective.Weight(step, 0)));
        });
        Close.Assert(expected, sum, 1e-6);
    }

    [Theory, InlineData(Masking.Independent), InlineData(Masking.ExactCount)]
    public void Random_masks_estimate_the_bound_without_bias(Masking masking)
    {
        using var scope = NewDisposeScope();
        const int rows = 1 << 14;
        var objective = new MaskedNelbo(Setup(new LogLinear(0)), Masking: masking);
        var batch =
            new ExampleBatch([.. Enumerable.Range(0, rows).SelectMany(_ => X0)], [.. Enumerable.Range(0, rows).Select(i => (long)i)]);
        double[] nats = objective.PerPosition(new ToyDenoiser(), batch, Strata.Of(rows, _ => 0.5), RandomStream.Root(3), CPU).sum([1])
            .data<double>().ToArray();
        double error = Math.Sqrt(nats.Select(value => Math.Pow(value - nats.Average(), 2)).Average() / rows);
        Assert.InRange(nats.Average(), Bound - (5 * error), Bound + (5 * error));
    }

    [Fact]
    public void A_known_number_of_masks_leaves_less_variance()
    {
        using var scope = NewDisposeScope();
        const int rows = 1 << 12;
        var batch =
            new ExampleBatch([.. Enumerable.Range(0, rows).SelectMany(_ => X0)], [.. Enumerable.Range(0, rows).Select(i => (long)i)]);
        double Variance(Masking masking)
        {
            var objective = new MaskedNelbo(Setup(new LogLinear(0)), Masking: masking);
            double[] nats = objective.PerPosition(new ToyDenoiser(), batch, Strata.Of(rows, _ => 0.5), RandomStream.Root(3), CPU).sum([1])
                .data<double>().ToArray();
            return nats.Select(value => Math.Pow(value - nats.Average(), 2)).Average();
        }

        Assert.True(Variance(Masking.ExactCount) < Variance(Masking.Independent) / 2);
    }

    [Fact]
    public void Visible_positions_cost_nothing_and_get_no_gradient()
    {
        using var scope = NewDisposeScope();
        var logits = zeros([1, 4, 4], float64).requires_grad_();
        var nats = Masked(new Golden.FixedLogits(logits), [0, 3, 1, 3], weight: 2);
        Close.Assert([0, 2 * Math.Log(3), 0, 2 * Math.Log(3)], nats);
        Backpropagation.Run(nats.sum());
        double[] gradient = logits.grad!.data<double>().ToArray();
        Assert.All(gradient.Take(4), value => Assert.Equal(0, value));
        // softmax − one-hot over the tokens; the mask's logit does not enter
        Close.Assert([2.0 / 3, 2.0 / 3, -4.0 / 3, 0], gradient.AsSpan(4, 4));
    }

    [Fact]
    public void Without_masked_tokens_the_loss_is_zero()
    {
        using var scope = NewDisposeScope();
        var nats = Masked(new ToyDenoiser(), X0, weight: 1);
        Close.Assert([0, 0, 0, 0], nats);
    }

    [Fact]
    public void Full_masking_at_the_end_leaves_no_prior_term_and_less_leaves_an_infinite_one()
    {
        Assert.Equal(new ConstantTerms(0, 0), new MaskedNelbo(Setup(new LogLinear(0))).Constants);
        Assert.Equal(double.PositiveInfinity, new MaskedNelbo(Setup(new LogLinear(1e-3))).Constants.Prior);
    }

    private static IEnumerable<int> Subsets() => Enumerable.Range(1, 15);

    // The objective's own loss with exactly a set masked, each weight 1: it is linear in the weight.
    private static double Loss(int set, double weight) => weight * Losses.Value[set];

    private static double[] Evaluate()
    {
        using var scope = NewDisposeScope();
        return [.. Enumerable.Range(0, 16)
            .Select(
                set => Masked(new ToyDenoiser(), [.. X0.Select((token, i) => (set >> i & 1) == 1 ? 3 : token)], weight: 1).sum()
                    .item<double>())];
    }

    private static DiffusionSetup Setup(INoiseSchedule schedule, int steps = 4) =>
        new(Vocabulary, new Absorbing(), schedule, Hyperschedule.Flat(4, steps),
            new BackboneView(Shifted: false, AttentionKind.Full, Conditioning.Constant));

    // A noise time at which a masked token counts the weight asked for: 1/t is it.
    private static Tensor Masked(IDenoiser network, long[] xt, double weight)
    {
        var setup = Setup(new LogLinear(0));
        var draw = new LevelDraw([0, 0, 0, 0], [.. Enumerable.Repeat(1 / weight, 4)], null, 1);
        return new MaskedNelbo(setup).Of(network, NoisyBatch.Of(setup, new ExampleBatch(X0, [0]), xt, [draw]), CPU);
    }

    private static double Binomial(int n, int k) => Enumerable.Range(1, k).Aggregate(1.0, (product, i) => product * (n - k + i) / i);

    private static IEnumerable<int[]> Orders(int[] rest) =>
        rest.Length == 0
            ? [[]]
            : rest.SelectMany(first => Orders([.. rest.Where(i => i != first)]).Select(order => (int[])[first, .. order]));
}
