using Bench.Cli.Work;
using Bench.Experiments.Definitions;
using Bench.Experiments.Planning;
using Bench.Experiments.Running;
using Bench.Results.Runs;
using Xunit;

namespace Bench.Tests.Cli;

/// <summary>Which run comes next, and what another process is told of it.</summary>
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
    public void Whoever_is_judged_waits_for_the_judge_and_nobody_else_does()
    {
        var agenda = new RunQueue([scorer, scored, other]);
        Assert.Equal("a c -", string.Join(' ', Enumerable.Range(0, 3).Select(_ => agenda.Take()?.Id ?? "-")));
        agenda.Return(scorer, Finished);
        Assert.Equal(scored, agenda.Take());
        Assert.False(agenda.IsDone);
        agenda.Return(other, Finished);
        agenda.Return(scored, Finished);
        Assert.True(agenda.IsDone);
    }

    [Fact]
    public void A_judge_that_another_process_trains_holds_its_dependants_until_it_is_tried_again()
    {
        var agenda = new RunQueue([scorer, scored]);
        agenda.Return(agenda.Take()!, new RunStatus(RunState.Running) { Waits = true });
        Assert.Null(agenda.Take());
        agenda.TryAgain();
        Assert.Equal(scorer, agenda.Take());
        Assert.Null(agenda.Take());
        agenda.Return(scorer, new RunStatus(RunState.Failed, "no"));
        Assert.Equal(scored, agenda.Take()); // to be told why it cannot run
    }

    [Theory]
    [InlineData(1, 3 + 5 + 4)]
    [InlineData(2, 3 + 5)] // nothing beside the scorer, then both
    [InlineData(3, 3 + 5)]
    public void Runs_side_by_side_take_as_long_as_what_cannot_be_at_once(int jobs, double seconds) =>
        Assert.Equal(seconds, MakespanEstimate.Of([scorer, scored, other], jobs, run => run.Id switch { "a" => 3, "b" => 5, _ => 4 }));

    [Fact]
    public void A_judge_that_comes_last_begins_beside_others()
    {
        Assert.Equal(4 + 5, MakespanEstimate.Of([other, scorer, scored], jobs: 2, run => run.Id switch { "a" => 4, "b" => 5, _ => 3 }));
        Assert.Equal(0, MakespanEstimate.Of([], jobs: 2, _ => 1));
    }

    [Fact]
    public void A_judge_is_awaited_as_long_as_somebody_is_to_be_judged()
    {
        var agenda = new RunQueue([scorer, scored, other]);
        Assert.Equal(scorer, agenda.Take());
        Assert.Equal((true, false), (agenda.IsAwaited(scorer), agenda.IsAwaited(other)));
        Assert.False(new RunQueue([scorer, other]).IsAwaited(scorer));
    }

    [Fact]
    public void A_judge_that_is_not_on_the_agenda_is_nothing_to_wait_for() => Assert.Equal(scored, new RunQueue([scored]).Take());

    [Fact]
    public void What_happens_in_another_process_is_told_as_it_was_there()
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

        var told = new List<string>();
        foreach (string line in output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries))
            WorkEvent.Parse(line)!.Report(other, new Listener(told));
        Assert.Equal(["waits: another \"process\"\nholds it", "began", "training 0.25", $"{point} of 10", $"{new RunStatus(RunState.Failed, "it failed", 1.5)}"], told);
    }

    [Theory, InlineData("libtorch: a warning"), InlineData("{ half"), InlineData("{}"), InlineData("")]
    public void What_a_library_prints_is_no_event(string line) => Assert.True(WorkEvent.Parse(line) is null or { Run: null, Status: null });

    private sealed class Listener(List<string> told) : IRunObserver
    {
        public void Began(PlannedRun run) => told.Add("began");

        public void Waits(PlannedRun run, string why) => told.Add($"waits: {why}");

        public void Stage(PlannedRun run, string stage, double done) => told.Add($"{stage} {done}");

        public void Trained(PlannedRun run, TrainingPoint point, long steps) => told.Add($"{point} of {steps}");

        public void Ended(PlannedRun run, RunStatus status) => told.Add($"{status}");
    }
}
