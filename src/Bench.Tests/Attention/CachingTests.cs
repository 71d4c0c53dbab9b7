using Bench.Attention;
using Bench.Backbone;
using Bench.Hyperschedules;
using Bench.Numerics;
using Bench.Tests.Backbone;
using Xunit;
using static TorchSharp.torch;

namespace Bench.Tests.Attention;

public sealed class CachingTests
{
    [Theory, MemberData(nameof(AttentionPatterns.All), MemberType = typeof(AttentionPatterns))]
    public void Settled_slots_stay_constant_exactly_where_the_table_says_so(int path, string name, bool shifted, AttentionKind block,
        AttentionKind context)
    {
        using var scope = NewDisposeScope();
        using var network = TinyNetwork.Of(TinyNetwork.Conditioned);
        var view = new BackboneView(shifted, block, Conditioning.Sigma, context);
        Assert.Equal(Caching.IsCacheable(AttentionPatterns.Paths[path], view) ? "kept" : "changed",
            MostChange(network, AttentionPatterns.Paths[path], view) < 1e-10 ? "kept" : "changed");
        Assert.NotEmpty(name);
    }

    [Theory]
    [InlineData(AttentionKind.Causal, true)]
    [InlineData(AttentionKind.BlockCausal, true)]
    [InlineData(AttentionKind.Full, false)]
    public void Only_a_full_context_forbids_a_cache(AttentionKind context, bool cacheable)
    {
        var view = new BackboneView(Shifted: false, AttentionKind.Full, Conditioning.Sigma, context);
        Assert.Equal(cacheable, Caching.IsCacheable(Hyperschedule.Block(6, 2, 3), view));
        // One block is never context, and after the first of two no active position settles.
        Assert.True(Caching.IsCacheable(Hyperschedule.Flat(6, 3), view));
        Assert.True(Caching.IsCacheable(Hyperschedule.Block(6, 3, 3), view));
    }

    // The largest change of a settled slot's residual stream after any block, from the step at which it is settled, while all that is not
    // settled is redrawn at every step.
    private static double MostChange(Ddit network, Hyperschedule hyperschedule, BackboneView view)
    {
        var draws = RandomStream.Root(7);
        var kept = new Dictionary<(int Block, int Position), double[]>();
        double most = 0;
        for (int step = 0; step < hyperschedule.Steps; step++)
        {
            using var scope = NewDisposeScope();
            var layout = SequenceLayout.Step(hyperschedule, step, hyperschedule.Length, view);
            var (tokens, sigma) = (new long[layout.Slots], new double[layout.Slots]);
            for (int column = 0; column < layout.Slots; column++)
            {
                int held = column - (view.Shifted ? 1 : 0);
                bool settled = held < 0 || hyperschedule.RegionAt(step, held) == Region.Settled;
                tokens[column] = held < 0 ? 5 : settled ? draws.Below(5, 0, held) : draws.Below(6, step + 1, held);
                sigma[column] = settled ? 0 : draws.Uniform(step + 1, held);
            }

            int block = 0;
            network.Forward(new(tensor(tokens, [1, layout.Slots]), tensor(sigma, [1, layout.Slots]), Layout: layout), stream =>
            {
                foreach (int position in Enumerable.Range(0, hyperschedule.Length)
                    .Where(i => hyperschedule.RegionAt(step, i) == Region.Settled))
                {
                    double[] now = stream.select(0, 0).select(0, position).contiguous().data<double>().ToArray();
                    double[] before = kept.TryGetValue((block, position), out var seen) ? seen : kept[(block, position)] = now;
                    most = Math.Max(most, now.Zip(before, (a, b) => Math.Abs(a - b)).Max());
                }

                block++;
            });
        }

        return most;
    }
}
