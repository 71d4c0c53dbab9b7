using Bench.Attention;
using Bench.Backbone;
using Bench.Hyperschedules;
using Bench.Noise;
using Bench.Numerics;
using Bench.Sampling;
using Bench.Sampling.Samplers;
using Bench.Tests.Objectives;
using Xunit;
using static TorchSharp.torch;

namespace Bench.Tests.Sampling;

/// <summary>Network calls of equal generations: number, and positions requested.</summary>
public sealed class CallTests
{
    [Fact]
    public void Cached_predictions_save_calls_and_change_nothing()
    {
        // Identity 21. Three sequences of four tokens: they are seldom revealed in the same step.
        var setup = EverySampler.Setup(new Absorbing(), Hyperschedule.Flat(4, 200), conditioned: false);
        var (plain, kept) = (Counted(new Ancestral(), setup, 3), Counted(new MdlmCached(), setup, 3));
        Assert.Equal(plain.Sequences, kept.Sequences);
        Assert.InRange(kept.Calls, 4, plain.Calls - 1);
    }

    [Fact]
    public void Predictions_are_not_cached_where_the_network_is_conditioned_on_time()
    {
        var setup = EverySampler.Setup(new Absorbing(), Hyperschedule.Flat(4, 200));
        Assert.Equal(Counted(new Ancestral(), setup, 3).Calls, Counted(new MdlmCached(), setup, 3).Calls);
    }

    [Fact]
    public void Only_needed_tokens_are_requested()
    {
        var setup = EverySampler.Setup(new Absorbing(), Hyperschedule.Flat(4, 20), conditioned: false);
        Assert.Equal(4 * 3, Counted(new Ancestral(), setup, 3).Asked);
        Assert.Equal(4 * 3, Counted(new FirstHitting(), setup, 3).Asked);
        Assert.True(Counted(new Remask(), setup, 3).Asked > 4 * 3 * 5); // all masks in every step
        // A token each, and one more for each time that it was masked again.
        int masked = 0;
        long[] before = [];
        var counting = new Counting();
        var generator = new Generator(counting, setup, new ReMdm(0.2), CPU)
        {
            Watch = (state, _) =>
            {
                masked += before.Where((token, at) => token != 3 && state.Tokens[at] == 3).Count();
                before = [.. state.Tokens];
            },
        };
        generator.Generate(3, RandomStream.Root(1));
        Assert.True(masked > 0);
        Assert.Equal((4 * 3) + masked, counting.Asked);
    }

    private static (int[][] Sequences, int Calls, long Asked) Counted(ISampler sampler, DiffusionSetup setup, int count)
    {
        var network = new Counting();
        var generation = sampler.Generate(network, setup, count, RandomStream.Root(9));
        return (generation.Sequences, generation.NetworkCalls, network.Asked);
    }

    private sealed class Counting : IDenoiser
    {
        public long Asked { get; private set; }

        public Tensor Logits(DenoiserInput asked)
        {
            var (tokens, sigma, wanted, layout) = asked;
            Asked += wanted!.size(0);
            return new ToyDenoiser().Logits(tokens, sigma, wanted, layout);
        }
    }
}
