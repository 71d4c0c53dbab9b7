using System.Collections.Immutable;
using Bench.Cli.Display;
using Bench.Experiments.Definitions;
using Bench.Experiments.Planning;
using Bench.Results.Runs;
using Spectre.Console;
using Xunit;

namespace Bench.Tests.Cli;

/// <summary>The board that a terminal shows.</summary>
public sealed class BoardTests : IDisposable
{
    private static readonly string[] Methods = ["text", "ngram-1", "ar", "mdlm", "gidd", "gamma-block-slide"];

    private readonly Shell shell = new();
    private readonly SteppedClock clock = new();
    private readonly ImmutableArray<PlannedRun> plan;

    public BoardTests() => plan =
    [
        .. DefinitionReader.Load(shell.Folder.Write("network.yaml", TinyExperiment.Network(1000, string.Join(", ", Methods)))).Runs
            .Select(
                (spec,
                    i) => new PlannedRun(spec, $"id{i}", $"folder/{i}", i == 0 ? RunState.Finished : null,
                        i == 0 ? "finished in 1 s" : "not begun")),
    ];

    public void Dispose() => shell.Dispose();

    [Fact]
    public void A_board_shows_where_each_run_stands()
    {
        var board = AtWork();
        GoldenFile.Matches("board.txt", $"{Text(board, 80, 40)}\n{Text(board, 120, 40)}\n{Text(board, 80, 7)}\n{Text(board, 80, 5)}");
    }

    [Theory]
    [InlineData(60, 40)]
    [InlineData(80, 24)]
    [InlineData(80, 7)]
    [InlineData(120, 40)]
    [InlineData(200, 10)]
    public void A_board_fits_its_terminal(int width, int height)
    {
        var board = AtWork();
        board.Ended(plan[4], new RunStatus(RunState.Failed, new string('x', 300) + " [not markup]", 12));
        board.Say("a notice");
        string[] lines = [.. board.Lines(width, height).Select(line => line.RemoveMarkup())];
        Assert.InRange(lines.Length, 3, height);
        Assert.All(lines, line => Assert.InRange(line.Length, 0, width));
    }

    [Fact]
    public void A_run_at_work_is_shown_however_little_room_there_is()
    {
        string text = Text(AtWork(), 80, 5);
        Assert.Contains("▶ network ar", text, StringComparison.Ordinal);
        Assert.Contains("1 finished", text, StringComparison.Ordinal);
        Assert.Contains("more", text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_time_left_of_all_runs_counts_what_was_done_by_this_start_alone()
    {
        var due = plan[2..3];
        var board = new Board(clock, due, due);
        board.Began(due[0]);
        board.Stage(due[0], ProgressLines.Training, 0.5); // done before
        clock.Advance(TimeSpan.FromSeconds(10));
        Assert.DoesNotContain("left", Text(board, 80, 40).Split('\n')[^2], StringComparison.Ordinal);
        board.Stage(due[0], ProgressLines.Training, 0.75);
        // A quarter of the training, a fifth of the run, took 10 s; two fifths are left.
        Assert.Contains("0 of 1 run, 0:10, about 0:20 left", Text(board, 80, 40), StringComparison.Ordinal);
    }

    [Fact]
    public void Runs_that_are_given_time_count_by_it_and_measuring_their_speed_is_no_part_of_it()
    {
        var due = plan[2..4].Select(
            (run,
                i) =>
                    run with { Spec = run.Spec with { Budget = new(Minutes: i == 0 ? 1 : 3, WarmupSteps: null),
                        Training = run.Spec.Training! with { Steps = 0 } } }).ToImmutableArray();
        var board = new Board(clock, due, due);
        board.Began(due[0]);
        board.Stage(due[0], "measuring", 1);
        clock.Advance(TimeSpan.FromSeconds(10));
        Assert.DoesNotContain("about", Text(board, 80, 40), StringComparison.Ordinal);
        board.Stage(due[0], ProgressLines.Training, 0);
        board.Stage(due[0], ProgressLines.Training, 0.5);
        board.Trained(due[0], Point(500, 1.5, null), 1000);
        // Two fifths of the first run, which is a quarter of all.
        Assert.Contains("0 of 2 runs, 0:10, about 1:30 left", Text(board, 80, 40), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(new[] { 1.0, 2, 3, 4, 5, 6, 7, 8 }, "▁▂▃▄▅▆▇█")]
    [InlineData(new[] { 3.0, 3, 3 }, "▁▁▁")]
    [InlineData(new[] { 8.0, double.NaN, 1 }, "█ ▁")]
    [InlineData(new double[0], "")]
    [InlineData(new[] { 100.0, 1, 2, 3, 4, 5, 6, 7, 8 }, "▁▂▃▄▅▆▇█")]
    public void A_sparkline_shows_the_last_numbers_between_their_extremes(double[] numbers, string line) =>
        Assert.Equal(line, Sparkline.Of(numbers, 8));

    private Board AtWork()
    {
        var board = new Board(clock, plan, plan[1..]);
        board.Began(plan[2]);
        board.Waits(plan[1], "another process is at work on this run");
        for (int step = 10; step <= 400; step += 10)
        {
            clock.Advance(TimeSpan.FromSeconds(0.5));
            board.Stage(plan[2], ProgressLines.Training, step / 1000.0);
            board.Trained(plan[2], Point(step, 3 - (step / 200.0), step % 100 == 0 ? 2 + (1.0 / step) : null), 1000);
        }

        board.Began(plan[3]);
        board.Stage(plan[3], ProgressLines.Training, 1);
        board.Trained(plan[3], Point(1000, 1.5, 1.875), 1000);
        board.Stage(plan[3], "validation", 0.4);
        board.Ended(plan[4],
            new RunStatus(RunState.Failed,
                "training diverged at step 7: the loss is NaN, the gradient's norm NaN. Lower training.learning-rate", 12));
        return board;
    }

    private static TrainingPoint Point(long step, double loss, double? bits) =>
        new(step, step * 32, step * 0.01, loss, GradientNorm: 1, LearningRate: 1, TokensPerSecond: 640, bits);

    private static string Text(Board board, int width, int height) =>
        string.Concat(board.Lines(width, height).Select(line => line.RemoveMarkup().TrimEnd() + "\n"));
}
