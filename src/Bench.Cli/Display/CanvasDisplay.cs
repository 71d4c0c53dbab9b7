using Bench.Data;
using Bench.Sampling;

namespace Bench.Cli.Display;

/// <summary>Shows a generation at work.</summary>
internal abstract class CanvasDisplay : IDisposable
{
    /// <summary>The text forming, if somebody wants to watch it; else a bar, if somebody waits; else nothing.</summary>
    /// <param name="here">Where.</param>
    /// <param name="tokenizer">Makes text of tokens.</param>
    /// <param name="watches">Whether somebody wants to watch.</param>
    /// <param name="pause">The least time that a step is shown.</param>
    /// <param name="texts">How many there will be.</param>
    /// <param name="length">Words in each.</param>
    public static CanvasDisplay Of(Surroundings here, ITokenizer tokenizer, bool watches, TimeSpan pause, int texts, int length) => (watches, here.IsTerminal, here.IsErrorTerminal) switch
    {
        (true, true, _) => new FormingText(here, tokenizer, pause),
        (true, false, _) => new FormingLines(here.Output, tokenizer),
        (false, _, true) => new SamplingBar(here, texts, length),
        _ => new NoDisplay(),
    };

    /// <summary>What stands there after a step.</summary>
    public abstract void Show(Canvas canvas, int step);

    /// <summary>A batch is done: its texts are printed next.</summary>
    public virtual void Ended(int texts)
    {
    }

    /// <summary>Leaves the terminal as it was, whatever happened.</summary>
    public abstract void Dispose();

    private sealed class NoDisplay : CanvasDisplay
    {
        public override void Show(Canvas canvas, int step)
        {
        }

        public override void Dispose()
        {
        }
    }
}
