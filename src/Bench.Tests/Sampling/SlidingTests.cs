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

/// <summary>Texts longer than the window.</summary>
public sealed class SlidingTests
{
    private const int TokenCount = 5;
    private const int Window = 6;
    private static readonly BackboneView Aligned = new(Shifted: false, AttentionKind.Full, Conditioning.Absent);

    [Theory, InlineData(1), InlineData(2), InlineData(3), InlineData(5)]
    public void A_text_that_counts_goes_on_counting_across_windows(int stride)
    {
        var generation = Counting(Hyperschedule.Autoregressive(Window), prompt: [3]) is var window
            ? new Sliding(window, 17, stride).Generate(2, RandomStream.Root(1))
            : null;
        Assert.All(generation!.Sequences, text => Assert.Equal(Enumerable.Range(3, 17).Select(n => n % TokenCount), text));
    }

    [Fact]
    public void The_first_window_is_what_the_generator_draws_alone()
    {
        foreach (var hyperschedule in new[] { Hyperschedule.Autoregressive(Window), Hyperschedule.Flat(Window, 4),
            Hyperschedule.Slide(Window, 3, 1) })
        {
            var window = Random(hyperschedule, prompt: []);
            var alone = window.Generate(3, RandomStream.Root(2));
            var slid = new Sliding(window, 14, 3).Generate(3, RandomStream.Root(2));
            Assert.Equal(alone.Sequences, slid.Sequences.Select(text => text[..Window]));
            Assert.All(slid.Sequences, text => Assert.Equal(14, text.Length));
            Assert.Equal(alone.Sequences, new Sliding(window, Window, 3).Generate(3, RandomStream.Root(2)).Sequences);
        }
    }

    [Fact]
    public void The_beginning_is_kept_and_a_text_depends_on_its_number_alone()
    {
        var sliding = new Sliding(Random(Hyperschedule.Block(Window, 2, 2), prompt: [4, 4, 1]), 20, 2);
        int[][] all = sliding.Generate(5, RandomStream.Root(3)).Sequences;
        Assert.All(all, text => Assert.Equal([4, 4, 1], text[..3]));
        Assert.Equal(all[2..], sliding.Generate(3, RandomStream.Root(3), first: 2).Sequences);
        Assert.Equal(5, all.Select(text => string.Join(' ', text)).Distinct().Count());
    }

    [Fact]
    public void A_text_ends_behind_its_ending_wherever_that_is_and_the_others_go_on()
    {
        var window = Random(Hyperschedule.Autoregressive(Window), prompt: []);
        int[][] whole = new Sliding(window, 40, 4).Generate(6, RandomStream.Root(4)).Sequences;
        var ended = new Sliding(window with { Ending = [0, 1] }, 40, 4).Generate(6, RandomStream.Root(4));
        foreach (var (text, all) in ended.Sequences.Zip(whole))
        {
            int end = all.AsSpan().IndexOf([0, 1]);
            Assert.Equal(end < 0 ? all : all[..(end + 2)], text);
        }

        Assert.True(ended.Sequences.Select(text => text.Length).Distinct().Count() > 1, "all texts are of one length");
    }

    [Fact]
    public void No_run_waits_when_all_have_ended()
    {
        // longer than a window
        var window = Counting(Hyperschedule.Autoregressive(Window), prompt: [3]) with { Ending = [4, 0, 1, 2, 3, 4, 0] };
        var generation = new Sliding(window, 1000, 3).Generate(2, RandomStream.Root(5));
        Assert.All(generation.Sequences, text => Assert.Equal([3, 4, 0, 1, 2, 3, 4, 0], text));
        Assert.True(generation.NetworkCalls < 10);
    }

    private static Generator Counting(Hyperschedule hyperschedule, int[] prompt) => Of(new Counter(), hyperschedule, prompt);

    private static Generator Random(Hyperschedule hyperschedule, int[] prompt) => Of(new Neighbour(), hyperschedule, prompt);

    private static Generator Of(IDenoiser network, Hyperschedule hyperschedule, int[] prompt) =>
        new(network, new DiffusionSetup(new Vocabulary("toy", TokenCount), new Absorbing(), new LogLinear(0), hyperschedule, Aligned),
            new Ancestral(), CPU) { Prompt = Prompt.Of(prompt.Select(token => (int?)token)) };

    // Gives probability 1 to the successor of the previous token.
    private sealed class Counter() : SequenceDenoiser(TokenCount)
    {
        protected override double[] Answer(int position, long[] seen) =>
            [.. Enumerable.Range(0, TokenCount)
                .Select(token => position > 0 && token == (seen[position - 1] + 1) % TokenCount ? 0 : double.NegativeInfinity)];
    }

    // Any token may follow any other, with unequal probabilities.
    private sealed class Neighbour() : SequenceDenoiser(TokenCount)
    {
        protected override double[] Answer(int position, long[] seen) =>
            [.. Enumerable.Range(0, TokenCount).Select(token => Math.Sin((token + 1) * (position > 0 ? seen[position - 1] + 2 : 1)))];
    }
}
