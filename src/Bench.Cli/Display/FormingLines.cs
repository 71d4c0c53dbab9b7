using Bench.Data;
using Bench.Sampling;

namespace Bench.Cli.Display;

/// <summary>Frames where the output is kept: a few of them, as lines.</summary>
internal sealed class FormingLines(TextWriter output, ITokenizer tokenizer) : CanvasDisplay
{
    private const int Frames = 8;

    public override void Show(Canvas canvas, int step)
    {
        // After the first step, then at even distances, the last of which is the end.
        int steps = canvas.Problem.Path.Steps;
        if (step > 0 && (step + 1L) * Frames / steps == (long)step * Frames / steps)
            return;
        var frame = Frame.Of(canvas, step, tokenizer);
        foreach (string text in frame.Texts)
            output.WriteLine($"{frame.Footer}: {text}");
    }

    public override void Dispose()
    {
    }
}
