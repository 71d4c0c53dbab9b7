using System.Text;
using Bench.Attention;
using Bench.Backbone;
using Bench.Cli;
using Bench.Cli.Display;
using Bench.Data.Tokenizers;
using Bench.Hyperschedules;
using Bench.Noise;
using Bench.Noise.Schedules;
using Bench.Numerics;
using Bench.Sampling;
using Bench.Sampling.Samplers;
using Xunit;
using static TorchSharp.torch;

namespace Bench.Tests.Cli;

/// <summary>The text forming, as a terminal shows it.</summary>
public sealed class FrameTests : IDisposable
{
    private const string Text = "four score and seven years ago";
    private static readonly Alphabet27 Letters = Alphabet27.Instance;

    private readonly StringWriter output = new() { NewLine = "\n" };
    private readonly StringWriter error = new() { NewLine = "\n" };

    public void Dispose()
    {
        output.Dispose();
        error.Dispose();
    }

    [Fact]
    public void Frames_tell_hyperschedules_apart()
    {
        var seen = new StringBuilder();
        foreach (var hyperschedule in new[] { Hyperschedule.Autoregressive(Text.Length), Hyperschedule.Block(Text.Length, 10, 5),
            Hyperschedule.Slide(Text.Length, 10, 2), Hyperschedule.Flat(Text.Length, 15) })
        {
            seen.Append(hyperschedule.Name).Append('\n');
            Generate(hyperschedule, 1, (state, step) =>
            {
                if ((step + 1) % 5 == 0)
                    seen.AppendJoin('\n', Frame.Of(state, step, Letters).Lines(width: 40, height: 20, colour: false)).Append('\n');
            });
            seen.Append('\n');
        }

        GoldenFile.Matches("frames.txt", seen.ToString());
    }

    [Fact]
    public void In_a_terminal_noise_is_grey_and_each_frame_takes_the_place_of_the_one_before()
    {
        Show(watches: true, terminal: true, Hyperschedule.Slide(Text.Length, 10, 5), texts: 1);
        GoldenFile.Matches("frames-in-a-terminal.txt", output.ToString().Replace('\u001b', '␛'));
    }

    [Fact]
    public void A_frame_is_as_wide_and_high_as_its_terminal()
    {
        string[] lines = [];
        Generate(Hyperschedule.Flat(Text.Length, 3), 4,
            (state, step) => lines = [.. Frame.Of(state, step, Letters).Lines(width: 12, height: 8, colour: true)]);
        Assert.Equal(["four score a", "nd seven yea", "rs ago", "four score a", "nd seven yea", "rs ago", lines[^1]], lines);
        Assert.EndsWith("100 % settled; 2 of 4 texts shown", lines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void Given_tokens_are_clean_from_the_start()
    {
        string? first = null;
        Generate(Hyperschedule.Flat(Text.Length, 30), 1,
            (state, step) => first ??= Frame.Of(state, step, Letters).Lines(width: 80, height: 9, colour: true).First(), "four score");
        Assert.StartsWith("four score\u001b[48;5;", first, StringComparison.Ordinal);
    }

    [Fact]
    public void In_a_redirected_output_a_few_frames_are_printed_as_lines()
    {
        Show(watches: true, terminal: false, Hyperschedule.Flat(Text.Length, 1000), texts: 2);
        string[] lines = output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(9 * 2, lines.Length);
        Assert.StartsWith("step 1 of 1000, ", lines[0], StringComparison.Ordinal);
        Assert.EndsWith($"100 % settled: {Text}", lines[^1], StringComparison.Ordinal);
        Assert.DoesNotContain("\u001b", output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_progress_bar_is_shown_until_texts_are_printed()
    {
        Show(watches: false, terminal: true, Hyperschedule.Flat(Text.Length, 10), texts: 2);
        Assert.Equal("", output.ToString());
        Assert.Contains("0 of 2 texts", error.ToString(), StringComparison.Ordinal);
        Assert.EndsWith("\r\u001b[K", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void With_both_outputs_redirected_no_progress_is_shown()
    {
        Show(watches: false, terminal: false, Hyperschedule.Flat(Text.Length, 10), texts: 2);
        Assert.Equal(("", ""), (output.ToString(), error.ToString()));
    }

    private void Show(bool watches, bool terminal, Hyperschedule hyperschedule, int texts)
    {
        var environment =
            new CliEnvironment(output, error) { IsTerminal = terminal, IsErrorTerminal = terminal, Width = 60, Clock = new SteppedClock() };
        using var display = GenerationDisplay.Of(environment, Letters, watches, TimeSpan.Zero, texts, Text.Length);
        Generate(hyperschedule, texts, display.Show);
        display.Ended(texts);
    }

    private static void Generate(Hyperschedule hyperschedule, int texts, Action<GenerationState, int> watch, string prompt = "")
    {
        var setup = new DiffusionSetup(Letters.Vocabulary, new Absorbing(), new LogLinear(0), hyperschedule,
            new BackboneView(Shifted: false, AttentionKind.Full, Conditioning.Absent));
        new Generator(new Certain(), setup, new Ancestral(), CPU) { Watch = watch,
            Prompt = Prompt.Of(Letters.Encode(prompt).Select(token => (int?)token)) }.Generate(texts, RandomStream.Root(1));
    }

    // Knows the text by heart.
    private sealed class Certain() : SequenceDenoiser(Letters.Vocabulary.TokenCount)
    {
        protected override double[] Answer(int position, long[] seen) =>
            [.. Enumerable.Range(0, Letters.Vocabulary.TokenCount)
                .Select(token => token == Letters.Encode(Text)[position] ? 0 : double.NegativeInfinity)];
    }
}
