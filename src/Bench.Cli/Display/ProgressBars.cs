using Bench.Experiments;
using Bench.Results;
using Spectre.Console;

namespace Bench.Cli.Display;

/// <summary>One bar for all runs and one for the run at work; a run that has ended becomes a line above them.</summary>
internal sealed class ProgressBars : IRunObserver
{
    private readonly IAnsiConsole console;
    private readonly ProgressContext context;
    private readonly WordsColumn words;
    private readonly ProgressTask all;
    private readonly int runs;
    private ProgressTask? current;
    private bool trained;
    private int ended;

    public ProgressBars(IAnsiConsole console, ProgressContext context, WordsColumn words, int runs)
    {
        (this.console, this.context, this.words, this.runs) = (console, context, words, runs);
        all = context.AddTask("all runs", maxValue: runs);
        Say($"{ended} of {runs}");
    }

    public void Began(PlannedRun run)
    {
        trained = false;
        current = context.AddTask(Markup.Escape(RunLabel.Of(run)), maxValue: 1);
    }

    // Loss and speed say more than the name of the stage.
    public void Stage(PlannedRun run, string stage, double done) => Show(done, stage == ProgressLines.Training && trained ? null : stage);

    public void Trained(PlannedRun run, TrainingPoint point, long steps)
    {
        trained = true;
        Show((double)point.Step / steps, TrainingWords.Of(point, steps));
    }

    public void Ended(PlannedRun run, RunStatus status)
    {
        if (current is { } bar)
        {
            bar.StopTask();
            bar.Value = bar.MaxValue;
        }

        current = null;
        all.Value = ++ended;
        Say($"{ended} of {runs}");
        string sign = status.State switch
        {
            RunState.Finished => "[green]✓[/]",
            RunState.Failed => "[red]✗[/]",
            _ => "[yellow]…[/]",
        };
        console.MarkupLine($"{sign} {Markup.Escape(RunLabel.Of(run))} [grey]{Markup.Escape(ProgressLines.Outcome(status))}[/]");
    }

    /// <summary>Says something beside the bar of all runs.</summary>
    public void Say(string said) => words[all] = said;

    // A bar that is full counts as done and is hidden; the stage after it still has something to show.
    private void Show(double done, string? said)
    {
        if (current is null)
            return;
        current.Value = Math.Clamp(done, 0, 0.999);
        if (said is not null)
            words[current] = said;
    }
}
