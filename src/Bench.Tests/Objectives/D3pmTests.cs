using Bench.Attention;
using Bench.Backbone;
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

public sealed class D3pmTests
{
    private const int N = ToyDenoiser.TokenCount;

    private const int Depth = 5;

    public static TheoryData<double[]> Predictions() =>
        new() { new double[] { 0.2, 0.5, 0.2, 0.1 }, new double[] { 0.3, 0.5, 0.2, 0 }, new double[] { 0.05, 0.03, 0.02, 0.9 } };

    [Theory, MemberData(nameof(Predictions))]
    public void A_step_is_the_divergence_of_the_two_posteriors_with_or_without_mass_on_the_mask(double[] prediction)
    {
        var setup = GivenNoise.Setup(N, new Absorbing(), new LogLinear(0), length: 1, Depth);
        double[] logits = [.. prediction.Select(p => p == 0 ? double.NegativeInfinity : Math.Log(p) + 1.5)];
        for (int step = 0; step < Depth; step++)
        {
            double now = setup.Hyperschedule.TimeAt(step, 0), next = setup.Hyperschedule.TimeAt(step + 1, 0);
            Marginal s = setup.At(next), t = setup.At(now);
            double[] truth = Posterior(y => s.Probability(y, 1, N)),
                guess = Posterior(y => Enumerable.Range(0, N + 1).Sum(j => prediction[j] * s.Probability(y, j, N)));
            double divergence = truth.Zip(guess, (p, q) => p == 0 ? 0 : p * Math.Log(p / q)).Sum();
            var nats = new D3pm(setup).Steps(Network(logits), Batch(setup, N, step), CPU);
            Assert.Equal(Depth * divergence, nats.item<double>(), 1e-11);

            double[] Posterior(Func<int, double> before)
            {
                double[] joint = [.. Enumerable.Range(0, N + 1).Select(y => t.Since(s).Probability(N, y, N) * before(y))];
                return [.. joint.Select(p => p / joint.Sum())];
            }
        }
    }

    [Fact]
    public void Without_mass_on_the_mask_it_is_the_bound_in_steps()
    {
        var setup = GivenNoise.Setup(N, new Absorbing(), new LogLinear(0), length: 4, Depth);
        var clean = new ExampleBatch([0, 2, 1, 1, 2, 2, 0, 1], [0, 1]);
        var network = new WithoutMask(new ToyDenoiser());
        double[] bound = new Nelbo(setup, Continuous: false).PerPosition(network, clean, [0.3, 0.9], RandomStream.Root(2), CPU).flatten()
            .data<double>().ToArray();
        Assert.Contains(bound, nats => nats > 0);
        Close.Assert(bound, new D3pm(setup, Reconstructs: false).PerPosition(network, clean, [0.3, 0.9], RandomStream.Root(2), CPU), 1e-12);
    }

    [Fact]
    public void The_reconstruction_reads_the_settled_sequence()
    {
        var setup = GivenNoise.Setup(N, new Absorbing(), new LogLinear(0), length: 4, Depth);
        long[] x0 = [0, 2, 1, 1];
        var clean = new ExampleBatch(x0, [0]);
        var network = new WithoutMask(new ToyDenoiser());
        var (steps, all) = (new D3pm(setup, Reconstructs: false), new D3pm(setup));
        double[] added = (all.PerPosition(network, clean, [0.5], RandomStream.Root(2), CPU)
            - steps.PerPosition(network, clean, [0.5], RandomStream.Root(2), CPU)).flatten().data<double>().ToArray();
        Close.Assert([.. x0.Select((token, i) => ToyDenoiser.Nats(i, token, x0))], added, 1e-12);
    }

    [Fact]
    public void Gradients_are_finite_at_both_ends_and_without_mass_on_the_mask()
    {
        var setup = GivenNoise.Setup(N, new Absorbing(), new LogLinear(0), length: 1, Depth);
        foreach (int step in new[] { 0, Depth - 1 })
        {
            var leaf = tensor([0.1, 0.2, 0.3, -200], [1, 1, N + 1]).requires_grad_(true);
            Backpropagation.Run(new D3pm(setup).Steps(new FixedLogits(leaf), Batch(setup, N, step), CPU).sum());
            Assert.All(leaf.grad!.flatten().data<double>().ToArray(), slope => Assert.True(double.IsFinite(slope)));
        }
    }

    [Fact]
    public void Other_noise_is_refused() =>
        Assert.Throws<ArgumentException>(() => new D3pm(GivenNoise.Setup(N, new Uniform(), new LogLinear(0), length: 1)));

    private static NoisyBatch Batch(DiffusionSetup setup, long xt, int step) => NoisyBatch.Of(
        setup, new ExampleBatch([1], [0]), [xt],
        [new LevelDraw([step], [setup.Hyperschedule.TimeAt(step, 0)], [setup.Hyperschedule.TimeAt(step + 1, 0)], Depth)]);

    private static FixedLogits Network(double[] logits) => new(tensor(logits, [1, 1, logits.Length]));

    private sealed class WithoutMask(IDenoiser inner) : IDenoiser
    {
        public Tensor Logits(DenoiserInput asked) => Subs.AtMasked(inner.Logits(asked), N);
    }
}
