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

public sealed class GeneratorTests
{
    private static readonly Vocabulary Vocabulary = new("toy", ToyDenoiser.TokenCount);
    private static readonly BackboneView Aligned = new(Shifted: false, AttentionKind.Full, Conditioning.Absent);

    public static TheoryData<string> Paths() => ["flat", "block", "slide", "autoregressive"];

    [Theory, MemberData(nameof(Paths))]
    public void Given_tokens_stay_and_the_rest_is_generated(string path)
    {
        int[][] sequences =
            (Generator(Path(path)) with { Prompt = Prompt.Of([null, 2, null, 0]) }).Generate(20, RandomStream.Root(1)).Sequences;
        Assert.All(sequences, sequence => Assert.Equal((2, 0), (sequence[1], sequence[3])));
        Assert.True(sequences.Select(sequence => (sequence[0], sequence[2])).Distinct().Count() > 1);
        Assert.All(sequences, sequence => Assert.All(sequence, token => Assert.InRange(token, 0, Vocabulary.TokenCount - 1)));
    }

    [Fact]
    public void Each_sequence_may_have_a_beginning_of_its_own()
    {
        int[][] sequences =
            (Generator(Path("block")) with { Prompt = Prompt.Each([[0, 1], [2]]) }).Generate(4, RandomStream.Root(1)).Sequences;
        Assert.Equal([0, 1], sequences[0][..2]);
        Assert.Equal([2], sequences[1][..1]);
        Assert.Equal([0, 1], sequences[2][..2]);
    }

    [Fact]
    public void A_text_that_is_given_whole_takes_no_call()
    {
        var generation = (Generator(Path("slide")) with { Prompt = Prompt.Of([1, 2, 0, 1]) }).Generate(2, RandomStream.Root(1));
        Assert.Equal(0, generation.NetworkCalls);
        Assert.All(generation.Sequences, sequence => Assert.Equal([1, 2, 0, 1], sequence));
    }

    [Theory, MemberData(nameof(Paths))]
    public void Sequences_are_the_same_in_batches_as_together(string path)
    {
        var generator = Generator(Path(path));
        var together = generator.Generate(6, RandomStream.Root(1));
        var parts = Generation.Join([generator.Generate(4, RandomStream.Root(1)), generator.Generate(2, RandomStream.Root(1), first: 4)]);
        Assert.Equal(together.Sequences, parts.Sequences);
    }

    [Fact]
    public void A_text_ends_behind_its_ending_and_generation_with_the_last_of_them()
    {
        var generator = Generator(Hyperschedule.Autoregressive(40)) with { Network = new Even() };
        var whole = generator.Generate(5, RandomStream.Root(3));
        var ended = (generator with { Ending = [2] }).Generate(5, RandomStream.Root(3));
        foreach (var (whole1, ended1) in whole.Sequences.Zip(ended.Sequences))
            Assert.Equal(whole1[..(Array.IndexOf(whole1, 2) + 1)], ended1);
        Assert.Equal(ended.Sequences.Max(sequence => sequence.Length), ended.NetworkCalls);
        Assert.Equal(40, whole.NetworkCalls);
    }

    [Theory]
    [InlineData(new[] { 0, 1, 2, 0, 1 }, "5 tokens")]
    [InlineData(new[] { 0, 3 }, "token 3")]
    public void A_prompt_that_does_not_fit_is_refused(int[] prompt, string why)
    {
        var generator = Generator(Path("flat")) with { Prompt = Prompt.Of(prompt.Select(token => (int?)token)) };
        Assert.Contains(why, Assert.Throws<ArgumentException>(() => generator.Generate(1, RandomStream.Root(1))).Message);
    }

    // Uniform noise: no step is left out. Each call feeds the active positions, and once more each position that has settled since; what
    // settles last is never fed again.
    [Theory]
    [InlineData("block-4x6", 16)]
    [InlineData("block-8x3", 16)]
    [InlineData("slide-6-rate-1", 16)]
    [InlineData("slide-6-rate-2", 16)]
    [InlineData("block-slide-4x3", 12)]
    public void A_cached_generation_feeds_a_position_as_often_as_the_cost_formula_says(string name, int length)
    {
        var hyperschedule = new[]
        {
            Hyperschedule.Block(length, 4, 6), Hyperschedule.Block(length, 8, 3), Hyperschedule.Slide(length, 6, 1),
            Hyperschedule.Slide(length, 6, 2), Hyperschedule.BlockSlide(length, 4, 3),
        }.Single(one => one.Name == name);
        using var network = TinyNetwork.Of(TinyNetwork.Conditioned);
        var setup = new DiffusionSetup(new Vocabulary("tiny", 5), new Uniform(), new LogLinear(1e-3), hyperschedule,
            Aligned with { Conditioning = Conditioning.Sigma });
        var generator = new Generator(network, setup, new Ancestral(), CPU);
        Assert.True(generator.KeepsKeys);
        var (cached, whole) = (generator.Generate(2, RandomStream.Root(1)),
            (generator with { Caches = false }).Generate(2, RandomStream.Root(1)));
        Assert.Equal(whole.Sequences, cached.Sequences);
        int last = Enumerable.Range(0, length).Count(i => hyperschedule.SettledAfter(i) == hyperschedule.Steps);
        Assert.Equal(2 * ((length * Cost.Of(hyperschedule).PerToken) + length - last), cached.NetworkTokens, 6);
        Assert.True(cached.NetworkTokens < whole.NetworkTokens);
        Assert.Equal((hyperschedule.Steps, hyperschedule.Steps), (cached.NetworkCalls, whole.NetworkCalls));
    }

    [Fact]
    public void Token_by_token_a_cached_generation_feeds_each_position_once()
    {
        using var network = TinyNetwork.Of(TinyNetwork.Conditioned with { Conditioning = Conditioning.Absent });
        var setup = new DiffusionSetup(new Vocabulary("tiny", 5), new Absorbing(), new LogLinear(0), Hyperschedule.Autoregressive(12),
            new BackboneView(Shifted: true, AttentionKind.Causal, Conditioning.Absent));
        var generator = new Generator(network, setup, new Ancestral(), CPU);
        var (cached, whole) = (generator.Generate(3, RandomStream.Root(1)),
            (generator with { Caches = false }).Generate(3, RandomStream.Root(1)));
        Assert.Equal(whole.Sequences, cached.Sequences);
        Assert.Equal((3 * 12, 3 * 12 * 13 / 2), ((int)cached.NetworkTokens, (int)whole.NetworkTokens));
        Assert.Equal(2L * 2 * 3 * 16 * 13 * 8, cached.CacheBytes); // keys and values × blocks × rows × width × positions × float64
    }

    private static Hyperschedule Path(string name) => name switch
    {
        "flat" => Hyperschedule.Flat(4, 5),
        "block" => Hyperschedule.Block(4, 2, 3),
        "slide" => Hyperschedule.Slide(4, 2, 1),
        _ => Hyperschedule.Autoregressive(4),
    };

    private static Generator Generator(Hyperschedule hyperschedule) =>
        new(new ToyDenoiser(), new DiffusionSetup(Vocabulary, new Absorbing(), new LogLinear(0), hyperschedule, Aligned), new Ancestral(),
            CPU);

    /// <summary>All tokens are equally likely at every position.</summary>
    private sealed class Even() : SequenceDenoiser(ToyDenoiser.TokenCount)
    {
        protected override double[] Answer(int position, long[] seen) => new double[ToyDenoiser.TokenCount];
    }
}
