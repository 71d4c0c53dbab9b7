using Bench.Attention;
using Bench.Backbone;
using Bench.Data;
using Bench.Hyperschedules;
using Bench.Noise;
using Bench.Noise.Schedules;
using Bench.Numerics;
using Bench.Sampling;
using Bench.Sampling.Samplers;
using Bench.Tests.Backbone;
using Bench.Tests.Objectives;
using Xunit;
using static TorchSharp.torch;

namespace Bench.Tests.Sampling;

/// <summary>A sequence is computed exactly when logits of one of its tokens are requested.</summary>
public sealed class RowTests
{
    [Theory]
    [InlineData(20)]
    [InlineData(400)]
    public void However_many_steps_there_are_a_sequence_is_computed_at_most_once_a_token(int steps)
    {
        const int Length = 4, Rows = 5;
        var network = new Watched();
        var generation = new Ancestral().Generate(network,
            EverySampler.Setup(new Absorbing(), Hyperschedule.Flat(Length, steps), conditioned: false), Rows, RandomStream.Root(3));
        Assert.Equal(Length * Rows, network.Asked); // the head: every token once
        Assert.Equal(network.RowsOfAsked, network.Rows);
        Assert.InRange(network.Rows, Rows, Length * Rows);
        Assert.Equal(network.Rows * Length, generation.NetworkTokens);
    }

    [Fact]
    public void In_blocks_too_whether_keys_are_kept_or_not()
    {
        const int Length = 8, Width = 4, Rows = 3;
        using var network = TinyNetwork.Of(TinyNetwork.Conditioned);
        var setup = new DiffusionSetup(new Vocabulary("tiny", 5), new Absorbing(), new LogLinear(1e-3),
            Hyperschedule.Block(Length, Width, 300), new BackboneView(Shifted: false, AttentionKind.Full, Conditioning.Sigma));
        var generator = new Generator(network, setup, new Ancestral(), CPU);
        var (cached, whole) = (generator.Generate(Rows, RandomStream.Root(1)),
            (generator with { Caches = false }).Generate(Rows, RandomStream.Root(1)));
        Assert.True(generator.KeepsKeys);
        Assert.Equal(whole.Sequences, cached.Sequences);
        // Each token at most one call of its block; the second block's first call feeds the first block of all rows.
        Assert.InRange(cached.NetworkTokens, 1, Rows * ((Length * Width) + Width + Width));
        Assert.InRange(whole.NetworkTokens, cached.NetworkTokens, Rows * ((Width * Width) + (Width * Length)));
    }

    [Theory, InlineData(false), InlineData(true)]
    public void Logits_do_not_depend_on_the_other_positions_requested(bool keeps)
    {
        const int Rows = 4;
        using var network = TinyNetwork.Of(TinyNetwork.Conditioned);
        using var recorded = no_grad();
        var setup = new DiffusionSetup(new Vocabulary("tiny", 5), new GammaHybrid(0.3), new LogLinear(1e-3), Hyperschedule.Block(6, 2, 3),
            new BackboneView(Shifted: false, AttentionKind.Full, Conditioning.Sigma));
        using var all = NetworkCalls.Of(network, setup, Rows, CPU, keeps);
        using var some = NetworkCalls.Of(network, setup, Rows, CPU, keeps);
        for (int step = 0; step < setup.Hyperschedule.Steps; step++)
        {
            var tokens = new long[Rows * 6];
            for (int at = 0; at < tokens.Length; at++)
                tokens[at] = RandomStream.Root(1).Below(5, setup.Hyperschedule.RegionAt(step, at % 6) == Region.Settled ? 0 : step + 1, at);
            int[] active = [.. Enumerable.Range(0, tokens.Length).Where(at => setup.Hyperschedule.RegionAt(step, at % 6) == Region.Active)];
            int[] asked = [.. active.Where(at => at / 6 != step % Rows)];
            double[] expected = Logits(all, active), actual = Logits(some, asked);
            int size = setup.Vocabulary.Size;
            for (int m = 0; m < asked.Length; m++)
            {
                for (int y = 0; y < size; y++)
                    Assert.Equal(expected[(Array.IndexOf(active, asked[m]) * size) + y], actual[(m * size) + y], 1e-10);
            }

            double[] Logits(NetworkCalls calls, int[] which)
            {
                using var scope = NewDisposeScope();
                return calls.Logits(tokens, step, which, times: null).data<double>().ToArray();
            }
        }

        Assert.True(some.Tokens < all.Tokens);
        Assert.Equal(all.Count, some.Count);
    }

    [Fact]
    public void Distributions_are_the_softmax_over_tokens()
    {
        using var scope = NewDisposeScope();
        double[] numbers = [.. Enumerable.Range(0, 40).Select(i => (20 * RandomStream.Root(1).Uniform(0, i)) - 10)];
        foreach (var type in new[] { float64, float32, bfloat16 })
        {
            var logits = tensor(numbers, [4, 10]).to(type);
            double[] expected = Subs.AtMasked(logits.to(float64), maskId: 9).exp().data<double>().ToArray();
            double[] distributions = CleanDistributions.Of(logits);
            Assert.All(distributions.Index(), distribution => Assert.Equal(expected[distribution.Index], distribution.Item, 1e-14));
            Assert.All(distributions.Chunk(10),
                distribution => Assert.Equal((1, 0), (distribution.Sum(), distribution[9]),
                    (a, b) => Math.Abs(a.Item1 - b.Item1) < 1e-14 && a.Item2 == b.Item2));
        }
    }

    private sealed class Watched : IDenoiser
    {
        public long Asked { get; private set; }

        public long Rows { get; private set; }

        public long RowsOfAsked { get; private set; }

        public Tensor Logits(DenoiserInput asked)
        {
            var (tokens, sigma, wanted, layout) = asked;
            Asked += wanted!.size(0);
            Rows += tokens.size(0);
            RowsOfAsked += wanted.data<long>().ToArray().Select(at => at / tokens.size(1)).Distinct().Count();
            return new ToyDenoiser().Logits(tokens, sigma, wanted, layout);
        }
    }
}
