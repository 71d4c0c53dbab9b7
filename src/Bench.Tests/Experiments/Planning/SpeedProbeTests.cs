using Bench.Data;
using Bench.Experiments.Planning;
using Bench.Methods;
using Bench.Results.Runs;
using Xunit;

namespace Bench.Tests.Experiments.Planning;

/// <summary>Expected times are positive and finite; their size depends on the machine and is not tested.</summary>
public sealed class SpeedProbeTests : IDisposable
{
    private readonly Workplace place = new();

    public void Dispose() => place.Dispose();

    [Fact]
    public void Every_run_is_expected_to_take_some_time_and_seeds_take_the_same()
    {
        var plan = Plan.Of(
            place.Read(
                Workplace.Experiment.Replace("count: 3", "count: 3, temperatures: [0.5], batches: [2]", StringComparison.Ordinal)
                    + "\nseeds: [1, 2]").Runs, place.Library, place.Store);
        var expected = Probe(plan);
        Assert.Equal(plan.Runs.Select(run => run.Folder).Order(), expected.Keys.Order());
        Assert.All(expected.Values, time =>
        {
            Assert.True(double.IsFinite(time.Total) && time.Total > 0);
            Assert.True(time is { Training: >= 0, Likelihood: >= 0, Generation: > 0 });
            Assert.Equal(time.Training + time.Likelihood + time.Generation, time.Total);
        });
        foreach (var method in plan.Runs.Where(run => run.Spec.Method is NetworkMethod).GroupBy(run => run.Spec.Method.Name))
            Assert.Single(method.Select(run => expected[run.Folder]).Distinct());
    }

    [Fact]
    public void Twice_the_steps_are_expected_to_take_twice_as_long()
    {
        var specs = place.Read(Workplace.Experiment).Runs.Where(run => run.Method.Name == "mdlm")
            .SelectMany(run => new[] { run, run with { Training = run.Training! with { Steps = 80, ValidateEvery = 40 } } }).ToArray();
        var plan = Plan.Of(specs, place.Library, place.Store);
        var expected = Probe(plan);
        var (once, twice) = (expected[plan.Runs[0].Folder], expected[plan.Runs[1].Folder]);
        Assert.Equal(2 * once.Training, twice.Training, 1e-9);
        Assert.Equal((once.Likelihood, once.Generation), (twice.Likelihood, twice.Generation));
        Assert.Equal((once + twice).Total, once.Total + twice.Total, 1e-9);
    }

    [Fact]
    public void Training_with_a_time_budget_takes_that_time()
    {
        var specs = place.Read(
            Workplace.Experiment.Replace("ngram-1, ngram-2, ar, mdlm", "mdlm", StringComparison.Ordinal)
                .Replace("steps: 40", "minutes: 15", StringComparison.Ordinal)).Runs;
        var plan = Plan.Of(specs, place.Library, place.Store);
        var run = Assert.Single(plan.Runs);
        var expected = Probe(plan)[run.Folder];
        Assert.Equal(900, expected.Training);
        Assert.InRange(expected.Steps!.Value, 1, 100_000_000);
        Assert.Equal(expected.Steps * 8 * 16, plan.CostOf(run, expected).Tokens);
        Assert.True(plan.CostOf(run, expected).Likelihood > plan.CostOf(run).Likelihood);
        Assert.Null(plan.CostOf(run).Tokens);
    }

    [Fact]
    public void Resumed_training_takes_the_rest_of_its_time_budget()
    {
        string yaml = Workplace.Experiment.Replace("ngram-1, ngram-2, ar, mdlm", "mdlm", StringComparison.Ordinal)
            .Replace("steps: 40", "minutes: 15", StringComparison.Ordinal);
        var first = place.PlanAll(yaml)[0];
        using (var data = first.Spec.Data.Open(place.Library))
        using (var folder = RunFolder.Open(first.Folder))
            folder.Begin(first.Spec.Definition(data.Hash),
                EnvironmentRecord.Capture(TimeProvider.System, AppContext.BaseDirectory, "none", "cpu", 1));
        Directory.CreateDirectory(Path.Combine(first.Folder, "checkpoints"));
        File.WriteAllText(Path.Combine(first.Folder, "checkpoints", "step-000050.ckpt"), "");
        Assert.Equal("interrupted: goes on after step 50", place.PlanAll(yaml)[0].Why);

        File.WriteAllText(Path.Combine(first.Folder, "budget.json"), """{ "minutes": 15, "seconds_per_step": 4.5, "steps": 200 }""");
        var plan = Plan.Of(place.Read(yaml).Runs, place.Library, place.Store);
        var run = plan.Runs[0];
        Assert.Equal("interrupted: goes on after step 50 of 200", run.Why);
        Assert.Equal((200, 200 * 8 * 16), (plan.CostOf(run).Steps, plan.CostOf(run).Tokens));
        Assert.Equal((675, null), (Probe(plan)[run.Folder].Training, Probe(plan)[run.Folder].Steps));
    }

    [Fact]
    public void A_published_network_is_timed_by_a_small_likeness_of_it()
    {
        var spec = RunCostTests.Published(place.Read(Workplace.Experiment).Runs.Single(run => run.Method.Name == "mdlm"));
        var small = NetworkProbe.Small(spec);
        Assert.Equal((spec.Model!.Width, spec.Model.Heads), (small.Model!.Width, small.Model.Heads));
        Assert.InRange(RunCost.StepFlops(small), 1, 1e11);
        Assert.Equal(small, NetworkProbe.Small(small) with { Sampling = small.Sampling });
    }

    private Dictionary<string, RunTimeEstimate> Probe(Plan plan) =>
        new SpeedProbe(place.Library, TimeProvider.System, TimeSpan.FromSeconds(0.5)).Of(
            [.. plan.Runs.Select(run => (run, plan.CostOf(run)))]).ToDictionary();
}
