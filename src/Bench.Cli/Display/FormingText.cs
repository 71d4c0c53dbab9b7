using Bench.Data;
using Bench.Sampling;

namespace Bench.Cli.Display;

/// <summary>Frames in a terminal, each in the place of the one before.</summary>
internal sealed class FormingText(Surroundings here, ITokenizer tokenizer, TimeSpan pause) : CanvasDisplay
{
    private const string EndOfLine = "\u001b[K";
    private const string EndOfScreen = "\u001b[J";
    private const string HideCursor = "\u001b[?25l";
    private const string ShowCursor = "\u001b[?25h";

    private int lines;
    private long last;

    public override void Show(Canvas canvas, int step)
    {
        // The step that was shown last stays for a while; who asks for the end does not have to wait for that.
        if (lines > 0 && pause - here.Clock.GetElapsedTime(last) is { Ticks: > 0 } left)
            here.Stop.WaitHandle.WaitOne(left);
        string[] frame = [.. Frame.Of(canvas, step, tokenizer).Lines(here.Width, here.Height - 1, here.HasColour)];
        here.Output.Write(HideCursor + Back() + string.Concat(frame.Select(line => $"{line}{EndOfLine}\n")) + EndOfScreen);
        here.Output.Flush();
        lines = frame.Length;
        last = here.Clock.GetTimestamp();
    }

    /// <summary>The texts take the place of the last frame.</summary>
    public override void Ended(int texts)
    {
        if (lines > 0)
            here.Output.Write(Back() + EndOfScreen);
        lines = 0;
    }

    public override void Dispose()
    {
        if (last != 0)
            here.Output.Write(ShowCursor);
    }

    private string Back() => lines > 0 ? $"\u001b[{lines}A\r" : "";
}
