using Bench.Experiments.Definitions;
using Bench.Experiments.Planning;
using Bench.Experiments.Running;
using Bench.Results;
using Bench.Results.Runs;
using Xunit;

namespace Bench.Tests.Experiments;

/// <summary>A run goes on from its own weights or not at all.</summary>
public sealed class ForeignCheckpointTests
{
    [Fact]
    public void A_run_does_not_go_on_from_the_checkpoint_of_another()
    {
        using var place = new Workplace();
        PlannedRun run = place.Plan("ar"), other = place.Plan("ar", OtherSeed);
        Interrupt(place, run);
        Interrupt(place, other);
        File.Copy(Newest(other), Newest(run), overwrite: true);

        var refused = Assert.Throws<SuiteException>(() => place.Runner.Run(run, new Recorder()));
        Assert.All([Newest(run), run.Id, other.Id], name => Assert.Contains(name, refused.Message, StringComparison.Ordinal));
        Assert.Contains("Delete the file", refused.Fix, StringComparison.Ordinal);
        Assert.Equal(RunState.Running, place.Store.Read("tiny", run.Id).Status.State);

        File.Delete(Newest(run));
        Assert.Equal(RunState.Finished, place.Runner.Run(run, new Recorder()).State);
    }

    [Fact]
    public void The_network_of_a_finished_run_is_not_taken_from_the_checkpoint_of_another()
    {
        using var place = new Workplace();
        PlannedRun run = place.Plan("ar"), other = place.Plan("ar", OtherSeed);
        place.Finish(run);
        place.Finish(other);
        File.Copy(Newest(other), Newest(run), overwrite: true);
        var refused = Assert.Throws<SuiteException>(() => TrainedModel.Load(run.Folder));
        Assert.All([Newest(run), run.Id, other.Id], name => Assert.Contains(name, refused.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void A_checkpoint_under_the_name_of_another_step_is_refused()
    {
        using var place = new Workplace();
        var run = place.Plan("ar");
        Interrupt(place, run);
        string early = Newest(run), late = Path.Combine(Path.GetDirectoryName(early)!, "step-000040.ckpt");
        File.Move(early, late);
        foreach (Action use in (Action[])[() => place.Runner.Run(run, new Recorder()), () => TrainedModel.Load(run.Folder).Dispose()])
            Assert.Matches("step-000040.ckpt .* step 25", Assert.Throws<SuiteException>(use).Message);
    }

    [Fact]
    public void The_network_of_a_run_whose_definition_was_edited_is_refused()
    {
        using var place = new Workplace();
        var run = place.Plan("ar");
        Interrupt(place, run);
        string path = Path.Combine(run.Folder, "definition.json");
        File.WriteAllText(path, File.ReadAllText(path).Replace("\"seed\": 1", "\"seed\": 2", StringComparison.Ordinal));
        Assert.Contains(path, Assert.Throws<SuiteException>(() => TrainedModel.Load(run.Folder)).Message, StringComparison.Ordinal);
    }

    private static RunSpec OtherSeed(RunSpec spec) => spec with { Seed = spec.Seed + 1 };

    private static string Newest(PlannedRun run) =>
        Directory.EnumerateFiles(Path.Combine(run.Folder, "checkpoints"), "*.ckpt").Max(StringComparer.Ordinal)!;

    private static void Interrupt(Workplace place, PlannedRun run)
    {
        using var stop = new CancellationTokenSource();
        place.Runner.Run(run, new Recorder(point => Stop(point.Step == 25, stop)), stop: stop.Token);
    }

    private static void Stop(bool now, CancellationTokenSource stop)
    {
        if (now)
            stop.Cancel();
    }
}
