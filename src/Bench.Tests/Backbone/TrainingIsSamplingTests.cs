using Bench.Attention;
using Bench.Backbone;
using Bench.Data;
using Bench.Data.Tokens;
using Bench.Hyperschedules;
using Bench.Noise;
using Bench.Noise.Schedules;
using Bench.Numerics;
using Bench.Objectives;
using Bench.Sampling;
using Bench.Tests.Attention;
using Bench.Tests.Golden;
using Xunit;
using static TorchSharp.torch;
using Close = Bench.Tests.Golden.Close;

namespace Bench.Tests.Backbone;

/// <summary>Logits of a position in one doubled pass equal those in generation, at the step of its level draw.</summary>
public sealed class TrainingIsSamplingTests
{
    private static readonly Vocabulary Vocabulary = new("letters", 5);
    private static readonly Geometric Schedule = new(0.05, 4); // σ(0) is not 0: settled tokens must have the same noise level in both

    [Theory, MemberData(nameof(AttentionPatterns.All), MemberType = typeof(AttentionPatterns))]
    public void A_noisy_position_has_the_logits_that_it_has_in_generation(int path, string name, bool shifted, AttentionKind block,
        AttentionKind context)
    {
        Compare(path, name, shifted, block, context, isGiven: null);
        Compare(path, name, shifted, block, context, isGiven: at => at % 3 == 1);
        Compare(path, name, shifted, block, context, isGiven: null, padding: 2);
    }

    private static void Compare(int path, string name, bool shifted, AttentionKind block, AttentionKind context, Func<int, bool>? isGiven,
        int padding = 0)
    {
        using var scope = NewDisposeScope();
        using var network = TinyNetwork.Of(TinyNetwork.Conditioned);
        var setup = new DiffusionSetup(Vocabulary, new Absorbing(), Schedule, AttentionPatterns.Paths[path],
            new BackboneView(shifted, block, Conditioning.Sigma, context));
        Assert.Equal(name, setup.Hyperschedule.Name);
        double[] levels = [0.05, 0.3, 0.55, 0.8];
        LevelDraw[] draws = [.. levels.Select(level => setup.Hyperschedule.Draw(level, _ => level, continuous: false))];
        var clean = new ExampleBatch(Random(levels.Length * setup.Hyperschedule.Length, Vocabulary.TokenCount, 1), [0, 1, 2, 3]);
        if (isGiven is not null)
            clean = clean with { Given = [.. Enumerable.Range(0, clean.Tokens.Length).Select(isGiven)] };
        if (padding > 0)
            clean = clean with { Lengths = [.. levels.Select((_, row) => clean.Length - (row % (padding + 1)))] };
        long[] noisy = Random(clean.Tokens.Length, Vocabulary.Size, 2);
        var batch = NoisyBatch.Of(setup, clean, noisy, draws);
        int[] wanted = [.. Enumerable.Range(0, noisy.Length).Where(batch.IsTarget)];
        double[] trained = batch.Logits(network, wanted, CPU).data<double>().ToArray();
        foreach (var (m, at) in wanted.Index())
            Close.Assert(Generating(network, setup, batch, at / clean.Length, at % clean.Length),
                trained.AsSpan(m * Vocabulary.Size, Vocabulary.Size), 1e-10, $"row {at / clean.Length}, position {at % clean.Length}");
    }

    [Fact]
    public void Along_the_autoregressive_schedule_the_doubled_pass_is_the_chain_rule()
    {
        using var scope = NewDisposeScope();
        using var network = TinyNetwork.Of(TinyNetwork.Conditioned with { Conditioning = Conditioning.Absent });
        var view = new BackboneView(Shifted: true, AttentionKind.Causal, Conditioning.Absent);
        var setup = new DiffusionSetup(Vocabulary, new Absorbing(), new LogLinear(0), Hyperschedule.Autoregressive(6), view);
        var batch = new ExampleBatch(Random(12, Vocabulary.TokenCount, 3), [0, 1]);
        double[] chainRule = new NextToken(Vocabulary.MaskId).PerPosition(network, batch, default, default, CPU).data<double>().ToArray();
        Close.Assert(chainRule, new Nelbo(setup, Continuous: false).PerPosition(network, batch, [0.2, 0.7], RandomStream.Root(1), CPU),
            1e-10);
    }

    // The generation state at the step of a position: settled tokens, tokens at the levels of that step, and arbitrary ones after them.
    private static double[] Generating(Ddit network, DiffusionSetup setup, NoisyBatch batch, int row, int position)
    {
        using var scope = NewDisposeScope();
        var (hyperschedule, length, step) = (setup.Hyperschedule, setup.Hyperschedule.Length, batch.LevelDraws[row].Steps[position]);
        long[] tokens = Random(length, Vocabulary.Size, 4 + position);
        for (int i = 0; i < length; i++)
        {
            var region = hyperschedule.RegionAt(step, i);
            Assert.True(region != Region.Active || batch.LevelDraws[row].Steps[i] == step,
                "positions that are active together are looked at together");
            tokens[i] = region switch
            {
                Region.Settled => batch.Clean.Row(row)[i],
                Region.Active => batch.Tokens[(row * length) + i],
                _ => tokens[i],
            };
        }

        using var calls = NetworkCalls.Of(network, setup, rows: 1, CPU, caches: false);
        calls.Given = batch.Clean.IsConditional
            ? [.. Enumerable.Range(row * length, length).Select(batch.Clean.IsGiven)] : null;
        calls.Lengths = batch.Clean.Lengths is { } lengths ? [lengths[row]] : null;
        return calls.Logits(tokens, step, [position], times: null).data<double>().ToArray();
    }

    private static long[] Random(int count, int below, int seed) =>
        [.. Enumerable.Range(0, count).Select(i => (long)RandomStream.Root((ulong)seed).Below(below, 0, i))];
}
