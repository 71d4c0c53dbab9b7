using Bench.Data;
using Bench.Experiments.Definitions;
using Bench.Experiments.Definitions.Sources;
using Bench.Experiments.Machine;
using Bench.Experiments.Planning;
using Bench.Results;
using Bench.Results.Runs;
using Xunit;

namespace Bench.Tests.Experiments.Planning;

/// <summary>Where runs stand and why, and whether they fit.</summary>
public sealed class PlanTests : IDisposable
{
    private static readonly MachineLimits Roomy = new(Memory: 1L << 42, FreeDisk: 1L << 42);
    private readonly Workplace place = new();

    public void Dispose() => place.Dispose();

    [Fact]
    public void A_run_that_was_never_asked_for_is_missing()
    {
        var run = place.Plan("ngram-1");
        Assert.Equal(("missing", "not begun", null), (run.Standing, run.Why, run.Change));
    }

    [Fact]
    public void A_plan_that_is_stopped_ends()
    {
        var specs = place.Read(Workplace.Experiment).Runs;
        Assert.Throws<OperationCanceledException>(() => Plan.Of(specs, place.Library, place.Store, new CancellationToken(canceled: true)));
        using var stop = new CancellationTokenSource();
        var plan = Plan.Of(specs, place.Library, place.Store, stop.Token);
        stop.Cancel();
        Assert.Throws<OperationCanceledException>(() => plan.CostOf(plan.Runs[0]));
    }

    [Fact]
    public void A_changed_setting_is_named_with_what_it_was()
    {
        string before = Keep("mdlm");
        var run = place.Plan("mdlm", Longer);
        Assert.Equal(("changed", $"changed: training.steps 40 -> 50 since {before}"), (run.Standing, run.Why));
        Assert.Equal("missing", place.Plan("ar", Longer).Standing); // another method's run is none of its business
        Assert.Equal("missing", place.Plan("mdlm", spec => Longer(spec) with { Seed = 2 }).Standing);
    }

    [Fact]
    public void Of_many_changes_three_are_named()
    {
        string before = Keep("mdlm");
        var run = place.Plan("mdlm",
            spec => Longer(spec) with { Model = new ModelSpec(3, 64, 4, 16, 0), Evaluation = spec.Evaluation with { Draws = 8 } });
        Assert.Equal($"changed: evaluation.draws 4 -> 8, model.blocks 2 -> 3, model.heads 2 -> 4 and 2 more since {before}", run.Why);
    }

    [Fact]
    public void Other_data_is_called_that()
    {
        string before = Keep("ngram-1");
        var other = new MarkovText(new(tokenCount: 4, order: 1, sharpness: 2, seed: 1, trainTokens: 10_000, heldOutTokens: 4_000));
        Assert.Equal($"changed: data changed since {before}",
            place.Plan("ngram-1", spec => spec with { Data = spec.Data with { Source = other } }).Why);
    }

    [Fact]
    public void The_earlier_run_that_differs_least_is_compared_with()
    {
        Keep("mdlm", spec => spec with { Training = spec.Training! with { Steps = 60 }, Evaluation = spec.Evaluation with { Draws = 8 } });
        string near = Keep("mdlm");
        Assert.Equal($"training.steps 40 -> 50 since {near}", place.Plan("mdlm", Longer).Change);
    }

    [Fact]
    public void Cells_of_one_plan_are_no_changes_of_each_other()
    {
        var specs = place.Read(Workplace.Experiment).Runs.Where(run => run.Method.Name == "mdlm")
            .SelectMany(run => new[] { run, Longer(run) }).ToArray();
        Keep(Plan.Of(specs, place.Library, place.Store).Runs[0]);
        Assert.Equal(["interrupted", "missing"], Plan.Of(specs, place.Library, place.Store).Runs.Select(run => run.Standing));
    }

    [Fact]
    public void A_damaged_earlier_run_is_ignored()
    {
        string before = Keep("ngram-1");
        File.WriteAllText(Path.Combine(place.Store.Root, "runs", "tiny", before, "definition.json"), "{ half a defin");
        Assert.Equal("missing", place.Plan("ngram-1", spec => spec with { Sampling = new SamplingSpec(9, null) }).Standing);
    }

    [Fact]
    public void A_run_that_needs_more_memory_than_there_is_does_not_fit_and_says_which_batch_would()
    {
        var problem = Assert.Single(Of(RunCostTests.Published).Misfits(Roomy with { Memory = 64L << 30 }));
        Assert.Equal("tiny mdlm seed 1", problem.Where);
        Assert.Matches(@"^it needs about [\d,.]+ GB of memory, [\d,.]+ GB more than the 68\.7 GB there are \(", problem.What);
        Assert.Matches(@"^Give --micro-batch \d+, which fits .* or lower training\.batch-size to that, data\.length", problem.Fix);
        Assert.Empty(Of(RunCostTests.Published).Misfits(Roomy with { Memory = 8L << 40 }));
    }

    [Theory]
    [InlineData(4L << 30, "data.length")] // one sequence, or measuring, is too much
    [InlineData(1L << 30, "model.width")] // the weights are
    public void Where_no_batch_fits_the_advice_is_to_lower_another_key(long memory, string what)
    {
        var problem = Assert.Single(Of(RunCostTests.Published).Misfits(Roomy with { Memory = memory }));
        Assert.DoesNotContain("batch-size", problem.Fix, StringComparison.Ordinal);
        Assert.Contains(what, problem.Fix, StringComparison.Ordinal);
    }

    [Fact]
    public void Runs_at_once_need_the_memory_of_all_of_them_and_the_jobs_that_fit_are_named()
    {
        var plan = Four();
        double each = plan.CostOf(plan.Runs[0]).Memory.Bytes;
        var machine = Roomy with { Memory = (long)(2.5 * each) };
        Assert.Empty(plan.Misfits(machine));
        Assert.Empty(plan.Misfits(machine, jobs: 2));
        var problem = Assert.Single(plan.Misfits(machine, jobs: 3));
        Assert.Equal("--jobs", problem.Where);
        Assert.Matches(@"^the 3 largest runs at once need about [\d.]+ GB of memory, [\d.]+ GB more than the [\d.]+ GB there are$",
            problem.What);
        Assert.StartsWith("Lower --jobs to 2, which fits", problem.Fix, StringComparison.Ordinal);

        var small = Assert.Single(plan.Misfits(Roomy with { Memory = (long)(1.5 * each) }, jobs: 1024));
        Assert.StartsWith("the 4 largest runs", small.What, StringComparison.Ordinal);
        Assert.StartsWith("Leave --jobs out", small.Fix, StringComparison.Ordinal);
    }

    [Fact]
    public void Runs_at_once_need_room_for_the_checkpoints_that_each_of_them_holds_while_it_trains()
    {
        var plan = Four();
        var machine = Roomy with { FreeDisk = plan.DiskOfDue };
        Assert.Empty(plan.Misfits(machine));
        Assert.Single(plan.Misfits(machine, jobs: 2));
    }

    [Fact]
    public void A_disk_that_is_too_small_for_the_checkpoints_is_reported_once()
    {
        var problem = Assert.Single(Of(RunCostTests.Published).Misfits(Roomy with { FreeDisk = 1L << 30 }));
        Assert.Equal(place.Store.Root, problem.Where);
        Assert.Contains("1.1 GB are free", problem.What, StringComparison.Ordinal);
        Assert.Contains("--results", problem.Fix, StringComparison.Ordinal);
    }

    [Fact]
    public void Runs_that_are_finished_or_stay_failed_need_no_disk_space()
    {
        var none = new MachineLimits(0, 0);
        var plan = Of(spec => spec);
        Assert.NotEmpty(plan.Misfits(none));
        using (var folder = RunFolder.Open(plan.Runs[0].Folder))
            folder.Fail("for a test", 1);
        Assert.Empty(Of(spec => spec).Misfits(none, retry: false));
        Assert.NotEmpty(Of(spec => spec).Misfits(none, retry: true));
        using (var folder = RunFolder.Open(plan.Runs[0].Folder))
            folder.Finish(1);
        Assert.Empty(Of(spec => spec).Misfits(none));
    }

    private static RunSpec Longer(RunSpec spec) => spec with { Training = spec.Training! with { Steps = 50 } };

    private Plan Of(Func<RunSpec, RunSpec> change) =>
        Plan.Of([change(place.Read(Workplace.Experiment).Runs.Single(run => run.Method.Name == "mdlm"))], place.Library, place.Store);

    private Plan Four()
    {
        var spec = place.Read(Workplace.Experiment).Runs.Single(run => run.Method.Name == "mdlm");
        return Plan.Of([.. Enumerable.Range(1, 4).Select(seed => spec with { Seed = (ulong)seed })], place.Library, place.Store);
    }

    private string Keep(string method, Func<RunSpec, RunSpec>? change = null) => Keep(place.Plan(method, change));

    // As a run that has begun.
    private string Keep(PlannedRun run)
    {
        using var data = run.Spec.Data.Open(place.Library);
        using var folder = RunFolder.Open(run.Folder);
        folder.Begin(run.Spec.Definition(data.Hash),
            EnvironmentRecord.Capture(TimeProvider.System, AppContext.BaseDirectory, "none", "cpu", 1));
        return run.Id;
    }
}
