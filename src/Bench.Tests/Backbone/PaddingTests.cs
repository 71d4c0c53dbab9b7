using Bench.Attention;
using Bench.Backbone;
using Bench.Data;
using Bench.Data.Tokens;
using Bench.Hyperschedules;
using Bench.Methods;
using Bench.Noise;
using Bench.Noise.Schedules;
using Bench.Numerics;
using Bench.Sampling;
using Bench.Tests.Attention;
using Bench.Tests.Golden;
using Xunit;
using static TorchSharp.torch;
using Close = Bench.Tests.Golden.Close;

namespace Bench.Tests.Backbone;

/// <summary>
/// Nothing that is computed of an example depends on the padding behind it: not on what it holds, nor on how much there is.
/// </summary>
public sealed class PaddingTests
{
    private static readonly Vocabulary Vocabulary = new("letters", 5);
    private static readonly Geometric Schedule = new(0.05, 4);

    /// <summary>Rows of the table in which the level of a position does not depend on how long a sequence is.</summary>
    public static TheoryData<string> Rows() => [.. MethodTable.All.OfType<NetworkMethod>()
        .Where(row => row.Path.Kind is "flat" or "autoregressive")
        .Select(row => row.Name)];

    [Theory, MemberData(nameof(AttentionPatterns.All), MemberType = typeof(AttentionPatterns))]
    public void Logits_do_not_depend_on_what_padding_holds(int path, string name, bool shifted, AttentionKind block, AttentionKind context)
    {
        using var scope = NewDisposeScope();
        using var network = TinyNetwork.Of(TinyNetwork.Conditioned);
        var setup = new DiffusionSetup(Vocabulary, new Absorbing(), Schedule, AttentionPatterns.Paths[path],
            new BackboneView(shifted, block, Conditioning.Sigma, context));
        Assert.Equal(name, setup.Hyperschedule.Name);
        int length = setup.Hyperschedule.Length;
        int[] lengths = [length - 1, length, length - 2, length - 2];
        LevelDraw[] draws =
            [.. new[] { 0.05, 0.3, 0.55, 0.8 }.Select(level => setup.Hyperschedule.Draw(level, _ => level, continuous: false))];
        double[][] logits = [.. new[] { 0, 3 }.Select(filling =>
        {
            long[] tokens = Random(4 * length, Vocabulary.TokenCount, 1);
            for (int at = 0; at < tokens.Length; at++)
                tokens[at] = at % length < lengths[at / length] ? tokens[at] : filling;
            var batch = NoisyBatch.Of(setup, new ExampleBatch(tokens, [0, 1, 2, 3]) { Lengths = lengths },
                Random(tokens.Length, Vocabulary.Size, 2), draws);
            return batch.Logits(network, [.. Enumerable.Range(0, tokens.Length).Where(batch.IsTarget)], CPU).data<double>().ToArray();
        })];
        Assert.NotEmpty(logits[0]);
        Close.Assert(logits[0], logits[1], 1e-12);
    }

    [Theory]
    [InlineData(0, false, AttentionKind.Full)]
    [InlineData(0, true, AttentionKind.Full)]
    [InlineData(4, false, AttentionKind.Full)]
    [InlineData(4, true, AttentionKind.Full)]
    [InlineData(4, true, AttentionKind.Causal)]
    [InlineData(1, false, AttentionKind.Full)]
    public void Logits_do_not_depend_on_how_much_padding_there_is(int width, bool shifted, AttentionKind block)
    {
        const int Length = 7; // within a block
        using var scope = NewDisposeScope();
        using var network = TinyNetwork.Of(TinyNetwork.Conditioned);
        double[][] logits = [.. new[] { 7, 8, 12, 16 }.Select(padded =>
        {
            var path = width == 0 ? Hyperschedule.Flat(padded, 4) : Hyperschedule.Block(padded, width, 4);
            var setup = new DiffusionSetup(Vocabulary, new Absorbing(), Schedule, path,
                new BackboneView(shifted, block, Conditioning.Sigma, AttentionKind.Causal));
            // Each block at a level of its own, the same however many blocks are behind it.
            int[] levels = [.. Enumerable.Range(0, padded).Select(i => 1 + ((width == 0 ? 0 : i / width) % 3))];
            var draw = new LevelDraw(
                [.. Enumerable.Range(0, padded).Select(i => path.OnsetOf(i) + levels[i])],
                [.. Enumerable.Range(0, padded).Select(i => path.TimeAt(path.OnsetOf(i) + levels[i], i))], Next: null, Weight: 1);
            var batch = NoisyBatch.Of(
                setup,
                new ExampleBatch(Grown(Random(Length, Vocabulary.TokenCount, 1), padded), [0]) { Lengths = [Length] },
                Grown(Random(Length, Vocabulary.Size, 2), padded),
                [draw]);
            return batch.Logits(network, [.. Enumerable.Range(0, Length)], CPU).data<double>().ToArray();
        })];
        Assert.All(logits[1..], padded => Close.Assert(logits[0], padded, 1e-10));
    }

    [Theory, MemberData(nameof(Rows))]
    public void Losses_and_bounds_do_not_depend_on_how_much_padding_there_is(string name)
    {
        const int Length = 6;
        using var scope = NewDisposeScope();
        var row = (NetworkMethod)MethodTable.Find(name)!;
        using var network = TinyNetwork.Of(TinyNetwork.Conditioned with { Conditioning = row.View.Conditioning });
        double[][] losses = [.. new[] { 6, 9, 12 }.Select(padded =>
        {
            // As many steps whatever the length.
            var objective = row.Objective(row.Setup(Vocabulary, padded, steps: 6));
            var batch = new ExampleBatch(
                [.. Grown(Random(Length, Vocabulary.TokenCount, 1), padded), .. Grown(Random(Length, Vocabulary.TokenCount, 2), padded)],
                [7, 8]) { Lengths = [Length, Length] };
            double[] nats =
                objective.PerPosition(network, batch, [0.3, 0.7], RandomStream.Root(3), CPU).to(float64).data<double>().ToArray();
            Assert.All(nats.Chunk(padded), each => Assert.All(each[Length..], nothing => Assert.Equal(0, nothing)));
            return nats.Chunk(padded).SelectMany(each => each[..Length]).ToArray();
        })];
        Assert.Contains(losses[0], loss => loss != 0);
        Assert.All(losses[1..], padded => Close.Assert(losses[0], padded, 1e-9));
    }

    [Theory]
    [InlineData("mdlm")]
    [InlineData("bd3lm")]
    [InlineData("gamma-shifted")]
    [InlineData("ar")]
    public void Generation_does_not_depend_on_what_padding_holds_and_ends_before_it(string name)
    {
        const int Length = 12;
        using var scope = NewDisposeScope();
        var row = (NetworkMethod)MethodTable.Find(name)!;
        using var network = TinyNetwork.Of(TinyNetwork.Conditioned with { Conditioning = row.View.Conditioning });
        network.eval();
        int[] lengths = [5, 12, 8];
        int[][][] generated = [.. new[] { 0, 4 }.Select(filling =>
        {
            var examples = new ExampleBatch([.. Enumerable.Repeat((long)filling, 3 * Length)], [0, 1, 2]) { Lengths = lengths };
            return new Generator(network, row.Setup(Vocabulary, Length), row.Sampler, CPU) { Prompt = Prompt.Of(examples) }
                .Generate(3, RandomStream.Root(5)).Sequences;
        })];
        Assert.Equal(lengths, generated[0].Select(sequence => sequence.Length));
        Assert.Equal(generated[0], generated[1]);
    }

    private static long[] Grown(long[] tokens, int length) => [.. tokens, .. Enumerable.Repeat(2L, length - tokens.Length)];

    private static long[] Random(int count, int below, int seed) =>
        [.. Enumerable.Range(0, count).Select(i => (long)RandomStream.Root((ulong)seed).Below(below, 0, i))];
}
