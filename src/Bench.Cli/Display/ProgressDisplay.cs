using Bench.Experiments;
using Spectre.Console;

namespace Bench.Cli.Display;

/// <summary>Shows runs at work: bars where somebody watches, lines where the output is kept.</summary>
internal static class ProgressDisplay
{
    /// <summary>Shows progress while <paramref name="work"/> reports it.</summary>
    /// <param name="here">Where.</param>
    /// <param name="runs">How many runs there are to do.</param>
    /// <param name="work">Given the observer to report to.</param>
    public static void During(Surroundings here, int runs, Action<IRunObserver> work)
    {
        if (!here.IsTerminal)
        {
            using var told = here.Stop.Register(() => here.Output.WriteLine(Interruption.Words));
            work(new ProgressLines(here.Output, here.Clock, runs));
            return;
        }

        var console = here.Draw();
        var words = new WordsColumn();
        var progress = console.Progress();
        progress.RefreshRate = TimeSpan.FromMilliseconds(250); // The cores are for training.
        progress
            .AutoClear(enabled: true)
            .HideCompleted(enabled: true)
            .Columns(new SpinnerColumn(), new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn { Width = 28 }, new PercentageColumn(), words)
            .Start(context =>
            {
                var bars = new ProgressBars(console, context, words, runs);
                using var told = here.Stop.Register(() => bars.Say(Interruption.Words));
                work(bars);
            });
    }
}
