using System.Collections.Immutable;
using Bench.Experiments.Planning;
using Bench.Experiments.Running;
using Bench.Results.Runs;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Bench.Cli.Display;

/// <summary>Shows runs at work: a board in a terminal, lines otherwise.</summary>
internal static class ProgressDisplay
{
    private static readonly TimeSpan Refresh = TimeSpan.FromMilliseconds(250); // The cores are for training.

    /// <summary>Shows progress while <paramref name="work"/> reports it.</summary>
    /// <param name="environment">Where.</param>
    /// <param name="plan">All runs.</param>
    /// <param name="due">Those to be done.</param>
    /// <param name="work">Given the observer to report to.</param>
    public static void During(CliEnvironment environment, ImmutableArray<PlannedRun> plan, ImmutableArray<PlannedRun> due, Action<IRunObserver> work)
    {
        if (!environment.IsTerminal)
        {
            using var registration = environment.Stop.Register(() => environment.Output.WriteLine(Interruption.Message));
            work(new ProgressLines(environment.Output, environment.Clock, due.Length));
            return;
        }

        var board = new Board(environment.Clock, plan, due);
        var console = environment.Draw();
        console.Live(Draw(board, environment)).Overflow(VerticalOverflow.Crop).Start(context =>
        {
            using var registration = environment.Stop.Register(() => board.Say(Interruption.Message));
            using (new Timer(_ => context.UpdateTarget(Draw(board, environment)), null, TimeSpan.Zero, Refresh))
                work(board);
            context.UpdateTarget(Draw(board, environment));
        });
    }

    private static Rows Draw(Board board, CliEnvironment environment) =>
        new(board.Lines(environment.Width, environment.Height).Select(IRenderable (line) => new Markup(line) { Overflow = Overflow.Crop }));
}

/// <summary>All runs of a plan, as they go: what a terminal shows. Updated by the thread that works, drawn by another.</summary>
/// <param name="clock">Measures.</param>
/// <param name="plan">All runs.</param>
/// <param name="due">Those to be done.</param>
internal sealed class Board(TimeProvider clock, ImmutableArray<PlannedRun> plan, ImmutableArray<PlannedRun> due) : IRunObserver
{
    private const double Enough = 0.005; // done before the time left is estimated
    private const double UsualRate = 2e10; // parameters times tokens a second, of two cores

    private readonly Lock held = new();
    private readonly ImmutableArray<BoardRow> rows = [.. plan.Select(run => new BoardRow(run))];
    private readonly HashSet<string> asked = [.. due.Select(run => run.Folder)];
    private readonly long began = clock.GetTimestamp();
    private string notice = "";

    public void Began(PlannedRun run) => Change(run, row => row.Begin());

    public void Waits(PlannedRun run, string why) => Change(run, row => row.Wait(why));

    public void Stage(PlannedRun run, string stage, double done) => Change(run, row => row.Reach(stage, done));

    public void Trained(PlannedRun run, TrainingPoint point, long steps) => Change(run, row => row.Train(point, steps));

    public void Ended(PlannedRun run, RunStatus status) => Change(run, row => row.End(status));

    /// <summary>Says something below the bar of all runs.</summary>
    public void Say(string said)
    {
        lock (held)
            notice = said;
    }

    /// <summary>The board as lines of markup.</summary>
    /// <param name="width">Columns of the terminal.</param>
    /// <param name="height">Its lines.</param>
    public IEnumerable<string> Lines(int width, int height)
    {
        lock (held)
            return [.. new BoardText(width).Lines(rows, Math.Max(1, height - 4)), All(width), .. notice.Length > 0 ? [$"[yellow]{notice}[/]"] : Array.Empty<string>()];
    }

    private string All(int width)
    {
        BoardRow[] mine = [.. rows.Where(row => asked.Contains(row.Run.Folder))];
        double rate = rows.Select(row => row.Rate).OfType<double>().DefaultIfEmpty(UsualRate).Average();
        double all = mine.Sum(row => row.Weight(rate));
        double done = mine.Sum(row => row.Weight(rate) * row.Share) / all, gained = mine.Sum(row => row.Weight(rate) * row.Gained) / all;
        double elapsed = clock.GetElapsedTime(began).TotalSeconds;
        int ended = mine.Count(row => row.State is BoardState.Finished or BoardState.Failed);
        string left = ended == mine.Length ? "" : gained < Enough ? "" : $", about {Quantity.Time(elapsed * (1 - done) / gained)} left";
        return $"{BoardText.Bar(done, Math.Clamp(width / 4, 10, 30))} {ended} of {mine.Length} {(mine.Length == 1 ? "run" : "runs")}, {Quantity.Time(elapsed)}{left}";
    }

    private void Change(PlannedRun run, Action<BoardRow> change)
    {
        lock (held)
        {
            if (rows.FirstOrDefault(row => row.Run.Folder == run.Folder) is { } row)
                change(row);
        }
    }
}
