using Bench.Attention;
using Bench.Backbone;
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

/// <summary>First hitting is a uniformly random order (identity 19).</summary>
public sealed class FirstHittingTests
{
    private const int Count = 20_000;

    [Theory, InlineData(1), InlineData(2), InlineData(7)]
    public void For_any_number_of_steps_the_distribution_is_that_of_random_order(int depth)
    {
        var frequencies = new double[27];
        foreach (int[] x in Generate(Hyperschedule.Flat(3, depth), Count).Sequences)
            frequencies[(x[0] * 9) + (x[1] * 3) + x[2]] += 1.0 / Count;
        // Mean below 0.0147 and standard deviation below 0.0021 for 27 outcomes: the bound is five above the mean, one false alarm in a
        // million.
        Assert.InRange(ExactDenoiser.Distance(RandomOrder.Distribution(3), frequencies), 0, 0.0255);
    }

    [Fact]
    public void The_exact_likelihood_of_a_sequence_exceeds_its_bound()
    {
        // x = (0, 2, 1): the mean over orders of the likelihood, and of its logarithm.
        double[] nats = [.. RandomOrder.Orders(3).Select(order => RandomOrder.Nats(order, [0, 2, 1]))];
        Assert.Equal(3.727408, -Math.Log(RandomOrder.Distribution(3)[(0 * 9) + (2 * 3) + 1]), 1e-6);
        Assert.Equal(4.328453, nats.Average(), 1e-6);
    }

    [Fact]
    public void The_next_time_is_the_largest_of_as_many_uniform_numbers()
    {
        // P(t U^{1/n} ≤ x) = (x/t)^n, from the quantiles.
        foreach (int n in new[] { 1, 2, 9 })
        {
            foreach (double quantile in new[] { 0.01, 0.5, 0.99 })
                Assert.Equal(quantile, Math.Pow(FirstHitting.Next(0.8, n, quantile) / 0.8, n), 1e-12);
        }
    }

    [Fact]
    public void All_sequences_together_take_a_call_a_token()
    {
        Assert.Equal(4, Generate(Hyperschedule.Flat(4, 9), 30).NetworkCalls);
        Assert.Equal(4, Generate(Hyperschedule.Block(4, 2, 5), 30).NetworkCalls);
        var prompted = new Generator(new ToyDenoiser(), Setup(Hyperschedule.Flat(4, 9)), new FirstHitting(),
            CPU) { Prompt = Prompt.Each([[1, 2, 0], [1]]) };
        Assert.Equal(3, prompted.Generate(2, RandomStream.Root(1)).NetworkCalls);
    }

    [Fact]
    public void The_network_is_given_the_decreasing_times_of_each_sequence()
    {
        var times = new List<double[]>();
        var setup = EverySampler.Setup(new Absorbing(), Hyperschedule.Flat(4, 5));
        new FirstHitting().Generate(new Listener(sigma => times.Add(sigma.data<double>().ToArray())), setup, 3, RandomStream.Root(1));
        Assert.Equal(4, times.Count);
        Assert.Equal(3, times[0].Distinct().Count());
        for (int row = 0; row < 3; row++)
            Assert.Equal(times.Select(sigma => sigma[row]).OrderDescending(), times.Select(sigma => sigma[row]));
    }

    [Fact]
    public void Paths_without_a_limit_and_noise_that_does_more_than_mask_are_refused()
    {
        Assert.NotNull(new FirstHitting().Refuses(Setup(Hyperschedule.Slide(4, 2, 1))));
        Assert.NotNull(new FirstHitting().Refuses(EverySampler.Setup(new Gidd(0.1), Hyperschedule.Flat(4, 5))));
        Assert.Null(new FirstHitting().Refuses(Setup(Hyperschedule.Autoregressive(4))));
    }

    [Theory, InlineData(0), InlineData(0.3), InlineData(1)]
    public void Noise_times_are_found_by_their_masks(double share)
    {
        var setup = Setup(Hyperschedule.Flat(4, 5)) with { Schedule = new Geometric(1e-4, 20) };
        double time = NoiseTime.Where(setup, share);
        Assert.InRange(time, 0, 1);
        Assert.Equal(Math.Max(share * setup.At(1).Mask, setup.At(1e-16).Mask), setup.At(time).Mask, 1e-12);
    }

    private static DiffusionSetup Setup(Hyperschedule hyperschedule) =>
        EverySampler.Setup(new Absorbing(), hyperschedule, conditioned: false);

    private static Generation Generate(Hyperschedule hyperschedule, int count) =>
        new FirstHitting().Generate(new ToyDenoiser(), Setup(hyperschedule), count, RandomStream.Root(5));

    private sealed class Listener(Action<Tensor> hear) : IDenoiser
    {
        public Tensor Logits(DenoiserInput asked)
        {
            var (_, sigma, wanted, _) = asked;
            hear(sigma!);
            return zeros([wanted!.size(0), 4], float64);
        }
    }
}
