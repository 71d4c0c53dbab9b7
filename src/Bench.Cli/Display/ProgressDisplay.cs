using System.Collections.Immutable;
using Bench.Experiments;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Bench.Cli.Display;

/// <summary>Shows runs at work: a board where somebody watches, lines where the output is kept.</summary>
internal static class ProgressDisplay
{
    private static readonly TimeSpan Refresh = TimeSpan.FromMilliseconds(250); // The cores are for training.

    /// <summary>Shows progress while <paramref name="work"/> reports it.</summary>
    /// <param name="here">Where.</param>
    /// <param name="plan">All runs.</param>
    /// <param name="due">Those to be done.</param>
    /// <param name="work">Given the observer to report to.</param>
    public static void During(Surroundings here, ImmutableArray<PlannedRun> plan, ImmutableArray<PlannedRun> due, Action<IRunObserver> work)
    {
        if (!here.IsTerminal)
        {
            using var told = here.Stop.Register(() => here.Output.WriteLine(Interruption.Words));
            work(new ProgressLines(here.Output, here.Clock, due.Length));
            return;
        }

        var board = new Board(here.Clock, plan, due);
        var console = here.Draw();
        console.Live(Draw(board, here)).Overflow(VerticalOverflow.Crop).Start(context =>
        {
            using var told = here.Stop.Register(() => board.Say(Interruption.Words));
            using (new Timer(_ => context.UpdateTarget(Draw(board, here)), null, TimeSpan.Zero, Refresh))
                work(board);
            context.UpdateTarget(Draw(board, here));
        });
    }

    private static Rows Draw(Board board, Surroundings here) =>
        new(board.Lines(here.Width, here.Height).Select(IRenderable (line) => new Markup(line) { Overflow = Overflow.Crop }));
}
