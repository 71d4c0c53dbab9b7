using Bench.Attention;
using Bench.Backbone;
using Bench.Data;
using Bench.Hyperschedules;
using Bench.Noise;
using Bench.Noise.Schedules;
using Bench.Numerics;
using Bench.Sampling;
using Bench.Sampling.Samplers;
using Xunit;
using static TorchSharp.torch;

namespace Bench.Tests.Sampling;

/// <summary>Sequences of large vocabularies are generated a few at a time, which changes none of them.</summary>
public sealed class PartsTests
{
    public static TheoryData<string, Hyperschedule> Schedules() => new()
    {
        { "flat", Hyperschedule.Flat(12, 5) }, { "block", Hyperschedule.Block(12, 4, 3) }, { "last block", Hyperschedule.Block(13, 5, 2) },
        { "slide", Hyperschedule.Slide(12, 6, 2) }, { "block-slide", Hyperschedule.BlockSlide(12, 4, 3) },
        { "autoregressive", Hyperschedule.Autoregressive(12) }, { "ramp", Hyperschedule.Ramp(12, 3, 2, 4) },
        { "independent", Hyperschedule.Independent(12, 4) },
        { "table", Hyperschedule.FromTable([[2, 2, 2], [1, 2, 2], [0, 1, 1], [0, 0, 0]]) },
    };

    [Theory, MemberData(nameof(Schedules))]
    public void As_many_positions_are_active_as_the_regions_have(string name, Hyperschedule hyperschedule)
    {
        Assert.NotEmpty(name);
        int most = Enumerable.Range(0, hyperschedule.Steps).Max(step =>
            Enumerable.Range(0, hyperschedule.Length).Count(i => hyperschedule.RegionAt(step, i) == Region.Active));
        Assert.Equal(most, Generator.MostActive(hyperschedule));
    }

    [Fact]
    public void Small_vocabularies_and_single_positions_are_generated_at_once()
    {
        Assert.Equal(64, Rows(Hyperschedule.Flat(256, 256), 27));
        Assert.Equal(64, Rows(Hyperschedule.Autoregressive(1024), 50_257));
        Assert.Equal(64, Rows(Hyperschedule.Block(1024, 16, 16), 50_257));
        Assert.Equal(1, Rows(Hyperschedule.Flat(1024, 1024), 50_257));
        Assert.Equal(10, Rows(Hyperschedule.Flat(128, 128), 50_257));
        Assert.Equal(1, Rows(Hyperschedule.Flat(1 << 14, 8), 50_257));
        Assert.Equal(0, Generator.RowsAtOnce(0, Setup(Hyperschedule.Flat(4, 2), 5)));

        static int Rows(Hyperschedule hyperschedule, int tokens) => Generator.RowsAtOnce(64, Setup(hyperschedule, tokens));
    }

    [Fact]
    public void Sequences_in_parts_are_those_of_one_at_a_time()
    {
        const int Length = 64, Steps = 6, Tokens = 1000, Count = 5, First = 7;
        var setup = Setup(Hyperschedule.Flat(Length, Steps), Tokens);
        using var network = new Ddit(new DditShape(Tokens + 1, Blocks: 1, Width: 4, Heads: 2, ConditionWidth: 4, Conditioning.Constant),
            RandomStream.Root(1));
        network.Scatter(RandomStream.Root(2));
        network.eval();
        List<int> watched = [];
        var generator = new Generator(network, setup, new Ancestral(), CPU)
        {
            Budget = 2L * Length * setup.Vocabulary.Size, Watch = (state, _) => watched.Add(state.Count),
        };
        var draws = RandomStream.Root(3);
        var all = generator.Generate(Count, draws, First);
        Assert.Equal([.. Enumerable.Repeat(2, 2 * Steps), .. Enumerable.Repeat(1, Steps)], watched);
        Generation[] single = [.. Enumerable.Range(First, Count).Select(i => generator.Generate(1, draws, i))];
        Assert.Equal(single.SelectMany(one => one.Sequences), all.Sequences);
        Assert.True(all.Sequences.SelectMany(sequence => sequence).Distinct().Count() > Length);
        // A call a step, in how many parts it may be.
        Assert.Equal(Steps, all.NetworkCalls);
        Assert.Equal(single.Sum(one => one.NetworkTokens), all.NetworkTokens);
        Assert.InRange(all.FirstTokenSeconds, double.Epsilon, all.Seconds);
    }

    private static DiffusionSetup Setup(Hyperschedule hyperschedule, int tokens) => new(
        new Vocabulary("large", tokens), new Absorbing(), new LogLinear(1e-3), hyperschedule,
        new BackboneView(Shifted: false, AttentionKind.Full, Conditioning.Constant));
}
