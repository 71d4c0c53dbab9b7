using Bench.Sampling;

namespace Bench.Cli.Display;

/// <summary>How far a generation is, in one line of the error output, which is gone when texts are printed.</summary>
internal sealed class SamplingBar(Surroundings here, int texts, int length) : CanvasDisplay
{
    private const int Width = 28;
    private const string Clear = "\r\u001b[K";
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly long began = here.Clock.GetTimestamp();
    private long last;
    private int ended;
    private int windows;
    private bool shown;

    public override void Show(Canvas canvas, int step)
    {
        if (step == 0)
            windows++;
        if (shown && here.Clock.GetElapsedTime(last) < Pause)
            return;
        // A window moves on by half of it.
        double steps = canvas.Problem.Path.Steps, all = Math.Max(1, Math.Ceiling(2.0 * length / canvas.Length) - 1);
        double done = (ended + (canvas.Count * Math.Min(1, (windows - 1 + ((step + 1) / steps)) / all))) / texts;
        double left = here.Clock.GetElapsedTime(began).TotalSeconds * (1 - done) / done;
        int full = (int)(done * Width);
        here.Error.Write($"{Clear}{new string('━', full)}{new string('─', Width - full)} {ended} of {texts} texts, {Quantity.Time(left)} left");
        here.Error.Flush();
        (last, shown) = (here.Clock.GetTimestamp(), true);
    }

    public override void Ended(int count)
    {
        (ended, windows) = (ended + count, 0);
        Dispose();
    }

    public override void Dispose()
    {
        if (shown)
            here.Error.Write(Clear);
        shown = false;
    }
}
