using Bench.Experiments.Running;
using Bench.Results;
using Bench.Results.Metrics;
using Bench.Results.Runs;
using Xunit;

namespace Bench.Tests.Experiments;

/// <summary>Trainings that are given tokens or time instead of steps.</summary>
public sealed class BudgetTests
{
    private static readonly string Timed = Workplace.Experiment.Replace("[ngram-1, ngram-2, ar, mdlm]", "[ar]", StringComparison.Ordinal)
        .Replace("steps: 40", "minutes: 0.001", StringComparison.Ordinal);

    [Theory, InlineData(1, 1), InlineData(128, 1), InlineData(129, 2), InlineData(5120, 40)]
    public void Tokens_are_rounded_to_whole_updates(long tokens, long steps)
    {
        using var place = new Workplace();
        Assert.All(
            place.Read(Workplace.Experiment.Replace("steps: 40", $"tokens: {tokens}", StringComparison.Ordinal)).Runs.Where(
                run => run.Training is not null),
            run => Assert.Equal(steps, run.Training!.Steps));
    }

    [Fact]
    public void A_run_of_steps_is_a_run_of_as_many_tokens()
    {
        using var place = new Workplace();
        string Ids(string yaml) => string.Join(' ', place.Read(yaml).Runs.Select(run => RunId.Of(run.Definition("hash"), "hash")));
        Assert.Equal(Ids(Workplace.Experiment), Ids(Workplace.Experiment.Replace("steps: 40", "tokens: 5120", StringComparison.Ordinal)));
    }

    [Fact]
    public void Time_is_measured_once_and_kept()
    {
        using var place = new Workplace();
        var run = Assert.Single(place.PlanAll(Timed));
        Assert.Equal("0.001", run.Spec.Definition("hash").Text("training.minutes"));
        Assert.Null(run.Spec.Definition("hash").Text("training.steps"));
        var record = place.Finish(run);
        var steps = record.Find(TrainingMetrics.Steps)!;
        Assert.Contains("measured when the run began", steps.Protocol, StringComparison.Ordinal);
        Assert.Contains(
            "measured when the run began", record.Find(LikelihoodMetrics.Likelihood, Splits.Test)!.Protocol, StringComparison.Ordinal);
        Assert.Contains($"\"steps\":{steps.Value}", File.ReadAllText(Path.Combine(run.Folder, "budget.json")), StringComparison.Ordinal);
        Assert.Equal(steps.Value, record.Curve[^1].Step);
    }

    [Fact]
    public void A_run_that_goes_on_takes_the_steps_that_it_began_with()
    {
        using var place = new Workplace();
        using var stop = new CancellationTokenSource();
        var run = Assert.Single(place.PlanAll(Timed));
        Directory.CreateDirectory(run.Folder);
        File.WriteAllText(Path.Combine(run.Folder, "budget.json"), """{ "minutes": 0.001, "seconds_per_step": 0.002, "steps": 27 }""");
        place.Runner.Run(run, new Recorder(point => Stop(point.Step == 12, stop)), stop: stop.Token);
        var recorder = new Recorder();
        Assert.Equal(RunState.Finished, place.Runner.Run(run, recorder).State);
        Assert.Equal((13, 27), (recorder.Points[0].Step, recorder.Points[^1].Step));
        Assert.DoesNotContain("measuring", recorder.Stages);
    }

    [Fact]
    public void A_damaged_or_lost_budget_is_reported()
    {
        using var place = new Workplace();
        var run = Assert.Single(place.PlanAll(Timed));
        Directory.CreateDirectory(run.Folder);
        string file = Path.Combine(run.Folder, "budget.json");
        File.WriteAllText(file, "{");
        Assert.Contains(file, Assert.Throws<SuiteException>(() => place.Runner.Run(run, new Recorder())).Message, StringComparison.Ordinal);
        File.Delete(file);
        Directory.CreateDirectory(Path.Combine(run.Folder, "checkpoints"));
        File.WriteAllText(Path.Combine(run.Folder, "checkpoints", "step-000010.ckpt"), "");
        Assert.Contains("gone", Assert.Throws<SuiteException>(() => place.Runner.Run(run, new Recorder())).Message,
            StringComparison.Ordinal);
    }

    private static void Stop(bool now, CancellationTokenSource stop)
    {
        if (now)
            stop.Cancel();
    }
}
