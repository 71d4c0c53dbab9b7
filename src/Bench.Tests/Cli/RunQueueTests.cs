using Bench.Cli.Work;
using Bench.Experiments.Definitions;
using Bench.Experiments.Planning;
using Bench.Experiments.Running;
using Bench.Results.Runs;
using Xunit;

namespace Bench.Tests.Cli;

/// <summary>Which run comes next, and what is reported of the runs of another process.</summary>
public sealed class RunQueueTests : IDisposable
{
    private static readonly RunStatus Finished = new(RunState.Finished);

    private readonly Shell shell = new();
    private readonly PlannedRun scorer;
    private readonly PlannedRun scored;
    private readonly PlannedRun other;

    public RunQueueTests()
    {
        var spec = DefinitionReader.Load(shell.Folder.Write("network.yaml", TinyExperiment.Network())).Runs[0];
        scorer = new(spec, "a", "folder/a", null, "not begun");
        scored = new(spec, "b", "folder/b", null, "not begun") { Scorer = "a" };
        other = new(spec, "c", "folder/c", null, "not begun");
    }

    public void Dispose() => shell.Dispose();

    [Fact]
    public void Scored_runs_wait_for_their_scorer_and_other_runs_do_not()
    {
        var queue = new RunQueue([scorer, scored, other]);
        Assert.Equal("a c -", string.Join(' ', Enumerable.Range(0, 3).Select(_ => queue.Take()?.Id ?? "-")));
        queue.Return(scorer, Finished);
        Assert.Equal(scored, queue.Take());
        Assert.False(queue.IsDone);
        queue.Return(other, Finished);
        queue.Return(scored, Finished);
        Assert.True(queue.IsDone);
    }

    [Fact]
    public void Runs_wait_for_a_scorer_that_another_process_trains_until_it_is_tried_again()
    {
        var queue = new RunQueue([scorer, scored]);
        queue.Return(queue.Take()!, new RunStatus(RunState.Running) { Waits = true });
        Assert.Null(queue.Take());
        queue.TryAgain();
        Assert.Equal(scorer, queue.Take());
        Assert.Null(queue.Take());
        queue.Return(scorer, new RunStatus(RunState.Failed, "no"));
        Assert.Equal(scored, queue.Take()); // to report why it cannot run
    }

    [Theory]
    [InlineData(1, 3 + 5 + 4)]
    [InlineData(2, 3 + 5)] // nothing beside the scorer, then both
    [InlineData(3, 3 + 5)]
    public void Runs_side_by_side_take_as_long_as_what_cannot_be_at_once(int jobs, double seconds) =>
        Assert.Equal(seconds, MakespanEstimate.Of([scorer, scored, other], jobs, run => run.Id switch { "a" => 3, "b" => 5, _ => 4 }));

    [Fact]
    public void A_scorer_that_comes_last_begins_beside_others()
    {
        Assert.Equal(4 + 5, MakespanEstimate.Of([other, scorer, scored], jobs: 2, run => run.Id switch { "a" => 4, "b" => 5, _ => 3 }));
        Assert.Equal(0, MakespanEstimate.Of([], jobs: 2, _ => 1));
    }

    [Fact]
    public void A_scorer_is_awaited_as_long_as_a_run_depends_on_it()
    {
        var queue = new RunQueue([scorer, scored, other]);
        Assert.Equal(scorer, queue.Take());
        Assert.Equal((true, false), (queue.IsAwaited(scorer), queue.IsAwaited(other)));
        Assert.False(new RunQueue([scorer, other]).IsAwaited(scorer));
    }

    [Fact]
    public void A_scorer_that_is_not_in_the_queue_is_not_waited_for() => Assert.Equal(scored, new RunQueue([scored]).Take());

    [Fact]
    public void Events_of_another_process_are_reported_unchanged()
    {
        var point = new TrainingPoint(3, 96, 0.1, double.NaN, 1 / 3.0, 3e-4, double.PositiveInfinity, ValidationBits: 2.5);
        using var output = new StringWriter { NewLine = "\n" };
        var writer = new EventWriter(output, new SteppedClock());
        writer.Waits(other, "another \"process\"\nholds it");
        writer.Began(other);
        writer.Stage(other, "training", 0.25);
        writer.Stage(other, "training", 0.26); // too soon to be looked at
        writer.Trained(other, point, 10);
        writer.Left(other, new RunStatus(RunState.Failed, "it failed", 1.5));

        var events = new List<string>();
        foreach (string line in output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries))
            WorkEvent.Parse(line)!.Report(other, new Listener(events));
        Assert.Equal(
            ["waits: another \"process\"\nholds it", "began", "training 0.25", $"{point} of 10",
                $"{new RunStatus(RunState.Failed, "it failed", 1.5)}"], events);
    }

    [Theory, InlineData("libtorch: a warning"), InlineData("{ half"), InlineData("{}"), InlineData("")]
    public void Output_of_a_library_is_no_event(string line) => Assert.True(WorkEvent.Parse(line) is null or { Run: null, Status: null });

    private sealed class Listener(List<string> events) : IRunObserver
    {
        public void Began(PlannedRun run) => events.Add("began");

        public void Waits(PlannedRun run, string why) => events.Add($"waits: {why}");

        public void Stage(PlannedRun run, string stage, double done) => events.Add($"{stage} {done}");

        public void Trained(PlannedRun run, TrainingPoint point, long steps) => events.Add($"{point} of {steps}");

        public void Ended(PlannedRun run, RunStatus status) => events.Add($"{status}");
    }
}
