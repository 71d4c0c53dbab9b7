using Bench.Data.Tokenizers;
using Bench.Sampling;

namespace Bench.Cli.Display;

/// <summary>Shows a generation at work.</summary>
internal abstract class GenerationDisplay : IDisposable
{
    /// <summary>The text after each step with --watch; else a progress bar in a terminal; else nothing.</summary>
    /// <param name="environment">Where.</param>
    /// <param name="tokenizer">Makes text of tokens.</param>
    /// <param name="watches">Whether each step is shown.</param>
    /// <param name="pause">The least time that a step is shown.</param>
    /// <param name="texts">How many there will be.</param>
    /// <param name="length">Tokens in each.</param>
    public static GenerationDisplay Of(CliEnvironment environment, ITokenizer tokenizer, bool watches, TimeSpan pause, int texts,
        int length) => (watches, environment.IsTerminal, environment.IsErrorTerminal) switch
    {
        (true, true, _) => new FormingText(environment, tokenizer, pause),
        (true, false, _) => new FormingLines(environment.Output, tokenizer),
        (false, _, true) => new SamplingBar(environment, texts, length),
        _ => new NoDisplay(),
    };

    /// <summary>What stands there after a step.</summary>
    public abstract void Show(GenerationState state, int step);

    /// <summary>A batch is done: its texts are printed next.</summary>
    public virtual void Ended(int texts)
    {
    }

    /// <summary>Leaves the terminal as it was, whatever happened.</summary>
    public abstract void Dispose();

    private sealed class NoDisplay : GenerationDisplay
    {
        public override void Show(GenerationState state, int step)
        {
        }

        public override void Dispose()
        {
        }
    }
}

/// <summary>Frames where the output is kept: a few of them, as lines.</summary>
internal sealed class FormingLines(TextWriter output, ITokenizer tokenizer) : GenerationDisplay
{
    private const int Frames = 8;

    public override void Show(GenerationState state, int step)
    {
        // After the first step, then at even distances, the last of which is the end.
        int steps = state.Setup.Hyperschedule.Steps;
        if (step > 0 && (step + 1L) * Frames / steps == (long)step * Frames / steps)
            return;
        var frame = Frame.Of(state, step, tokenizer);
        foreach (string text in frame.Texts)
            output.WriteLine($"{frame.Footer}: {text}");
    }

    public override void Dispose()
    {
    }
}

/// <summary>Frames in a terminal, each in the place of the one before.</summary>
internal sealed class FormingText(CliEnvironment environment, ITokenizer tokenizer, TimeSpan pause) : GenerationDisplay
{
    private const string EndOfLine = "\u001b[K";
    private const string EndOfScreen = "\u001b[J";
    private const string HideCursor = "\u001b[?25l";
    private const string ShowCursor = "\u001b[?25h";

    private int lines;
    private long last;

    public override void Show(GenerationState state, int step)
    {
        // The step that was shown last stays for a while; a request to end does not wait for that.
        if (lines > 0 && pause - environment.Clock.GetElapsedTime(last) is { Ticks: > 0 } left)
            environment.Stop.WaitHandle.WaitOne(left);
        string[] frame = [.. Frame.Of(state, step, tokenizer).Lines(environment.Width, environment.Height - 1, environment.HasColour)];
        environment.RawOutput.Write(HideCursor + Back() + string.Concat(frame.Select(line => $"{line}{EndOfLine}\n")) + EndOfScreen);
        environment.RawOutput.Flush();
        lines = frame.Length;
        last = environment.Clock.GetTimestamp();
    }

    /// <summary>The texts take the place of the last frame.</summary>
    public override void Ended(int texts)
    {
        if (lines > 0)
            environment.RawOutput.Write(Back() + EndOfScreen);
        lines = 0;
    }

    public override void Dispose()
    {
        if (last != 0)
            environment.RawOutput.Write(ShowCursor);
    }

    private string Back() => lines > 0 ? $"\u001b[{lines}A\r" : "";
}

/// <summary>How far a generation is, in one line of the error output, which is gone when texts are printed.</summary>
internal sealed class SamplingBar(CliEnvironment environment, int texts, int length) : GenerationDisplay
{
    private const int Width = 28;
    private const string Clear = "\r\u001b[K";
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly long began = environment.Clock.GetTimestamp();
    private long last;
    private int ended;
    private int windows;
    private bool shown;

    public override void Show(GenerationState state, int step)
    {
        if (step == 0)
            windows++;
        if (shown && environment.Clock.GetElapsedTime(last) < Pause)
            return;
        // A window moves on by half of it.
        double steps = state.Setup.Hyperschedule.Steps, all = Math.Max(1, Math.Ceiling(2.0 * length / state.Length) - 1);
        double done = (ended + ((state.Count / state.Candidates) * Math.Min(1, (windows - 1 + ((step + 1) / steps)) / all))) / texts;
        double left = environment.Clock.GetElapsedTime(began).TotalSeconds * (1 - done) / done;
        int full = (int)(done * Width);
        string bar = new string('━', full) + new string('─', Width - full);
        environment.RawError.Write($"{Clear}{bar} {ended} of {texts} texts, {Quantity.Time(left)} left");
        environment.RawError.Flush();
        (last, shown) = (environment.Clock.GetTimestamp(), true);
    }

    public override void Ended(int count)
    {
        (ended, windows) = (ended + count, 0);
        Dispose();
    }

    public override void Dispose()
    {
        if (shown)
            environment.RawError.Write(Clear);
        shown = false;
    }
}
