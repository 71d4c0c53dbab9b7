using Bench.Attention;
using Bench.Backbone;
using Bench.Data;
using Bench.Hyperschedules;
using Bench.Noise;
using Bench.Noise.Schedules;
using Bench.Numerics;
using Bench.Sampling;
using Bench.Sampling.Samplers;
using Bench.Tests.Attention;
using Bench.Tests.Backbone;
using Xunit;
using static TorchSharp.torch;

namespace Bench.Tests.Sampling;

/// <summary>The KV cache changes the cost of a generation, and not its tokens.</summary>
public sealed class CacheTests
{
    private static readonly Vocabulary Vocabulary = new("tiny", 5);

    [Theory, MemberData(nameof(AttentionPatterns.All), MemberType = typeof(AttentionPatterns))]
    public void Cached_logits_are_those_without_a_cache_at_every_step(int path, string name, bool shifted, AttentionKind block,
        AttentionKind context)
    {
        var view = new BackboneView(shifted, block, Conditioning.Sigma, context);
        if (!Caching.IsCacheable(AttentionPatterns.Paths[path], view))
            return;
        using var network = TinyNetwork.Of(TinyNetwork.Conditioned);
        Assert.NotEmpty(name);
        Assert.True(MostDifference(network, AttentionPatterns.Paths[path], view, given: []) < 1e-10);
        // steps that are not needed are left out, and a later call keeps more at once
        Assert.True(MostDifference(network, AttentionPatterns.Paths[path], view, given: [1, 2, 3, 0]) < 1e-10);
        using var narrower = TinyNetwork.Of(TinyNetwork.Conditioned with { RotaryBase = 10 });
        Assert.True(MostDifference(narrower, AttentionPatterns.Paths[path], view, given: []) < 1e-10);
    }

    // Logits here are of the order of 10. In bf16 the same products are rounded to 8 bits, and a different order of sums rounds
    // differently.
    [Theory]
    [InlineData(false, 2e-5)]
    [InlineData(true, 0.15)]
    public void In_lower_precision_they_differ_by_rounding_alone(bool bf16, double most)
    {
        using var network = new Ddit(TinyNetwork.Conditioned, RandomStream.Root(1)) { ProductType = bf16 ? bfloat16 : float32 };
        network.Scatter(RandomStream.Root(2));
        var view = new BackboneView(Shifted: false, AttentionKind.Full, Conditioning.Sigma);
        foreach (var hyperschedule in AttentionPatterns.Paths.Where(hyperschedule => hyperschedule.NeedsContext))
            Assert.InRange(MostDifference(network, hyperschedule, view, given: []), 0, most);
    }

    // Few slots behind kept keys gain nothing from bf16, and would pay for weights cast anew in every call.
    [Fact]
    public void Another_type_of_products_is_for_whole_sequences_and_not_for_kept_keys()
    {
        using var network = new Ddit(TinyNetwork.Conditioned, RandomStream.Root(1));
        network.Scatter(RandomStream.Root(2));
        var view = new BackboneView(Shifted: false, AttentionKind.Full, Conditioning.Sigma, AttentionKind.BlockCausal);
        var setup = new DiffusionSetup(Vocabulary, new GammaHybrid(0.3), new LogLinear(1e-3), Hyperschedule.Block(8, 4, 3), view);
        foreach (bool caches in (bool[])[false, true])
        {
            var watched = new Watched(network);
            var generator = new Generator(watched, setup, new Ancestral(), CPU) { Caches = caches, ProductType = bfloat16 };
            generator.Generate(2, RandomStream.Root(3));
            Assert.Equal(caches, generator.KeepsKeys);
            Assert.NotEmpty(watched.Types);
            Assert.All(watched.Types, type => Assert.Equal(caches ? null : bfloat16, type));
        }
    }

    // The largest difference over all steps; NaN counts as one.
    private static double MostDifference(Ddit network, Hyperschedule hyperschedule, BackboneView view, int[] given)
    {
        const int Rows = 2;
        var setup = new DiffusionSetup(Vocabulary, new GammaHybrid(0.3), new LogLinear(1e-3), hyperschedule, view);
        using var whole = NetworkCalls.Of(network, setup, Rows, CPU, caches: false);
        using var cached = NetworkCalls.Of(network, setup, Rows, CPU, caches: true);
        Assert.Equal(hyperschedule.NeedsContext, cached is CachedCalls);
        double most = 0;
        using var recorded = no_grad();
        for (int step = 0; step < hyperschedule.Steps; step++)
        {
            using var scope = NewDisposeScope();
            var tokens = new long[Rows * hyperschedule.Length];
            for (int at = 0; at < tokens.Length; at++)
            {
                int i = at % hyperschedule.Length;
                bool settled = i < given.Length || hyperschedule.RegionAt(step, i) == Region.Settled;
                tokens[at] = RandomStream.Root(1).Below(settled ? 5 : 6, settled ? 0 : step + 1, at);
            }

            int[] asked = [.. Enumerable.Range(0, tokens.Length)
                .Where(
                    at => at % hyperschedule.Length >= given.Length
                        && hyperschedule.RegionAt(step, at % hyperschedule.Length) == Region.Active)];
            if (asked.Length == 0)
                continue;
            double[] a = whole.Logits(tokens, step, asked, times: null).to(float64).data<double>().ToArray(),
                b = cached.Logits(tokens, step, asked, times: null).to(float64).data<double>().ToArray();
            most = Math.Max(most, a.Zip(b, (x, y) => Math.Abs(x - y)).Max());

            // Some samplers ask again within a step, when other tokens are revealed.
            foreach (int at in asked.Where((_, i) => i % 2 == 0))
                tokens[at] = RandomStream.Root(2).Below(5, step, at);
            double[] c = whole.Logits(tokens, step, asked, times: null).to(float64).data<double>().ToArray(),
                d = cached.Logits(tokens, step, asked, times: null).to(float64).data<double>().ToArray();
            most = Math.Max(most, c.Zip(d, (x, y) => Math.Abs(x - y)).Max());
        }

        Assert.True(cached.Tokens <= whole.Tokens);
        return most;
    }

    // Hears which type of products is asked for.
    private sealed class Watched(Ddit network) : IDenoiser
    {
        public List<ScalarType?> Types { get; } = [];

        public bool IsCaching => true;

        public Tensor Logits(DenoiserInput input)
        {
            Types.Add(input.ProductType);
            return network.Logits(input);
        }

        public KeyValueCache? NewCache(int rows, int slots, Device device) => network.NewCache(rows, slots, device);
    }
}
