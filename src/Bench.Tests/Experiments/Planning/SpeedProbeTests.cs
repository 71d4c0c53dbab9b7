using Bench.Experiments;
using Bench.Experiments.Planning;
using Bench.Methods;
using Xunit;

namespace Bench.Tests.Experiments.Planning;

/// <summary>Expected times: how long they are is the machine's business, that they are times is ours.</summary>
public sealed class SpeedProbeTests : IDisposable
{
    private readonly Workplace place = new();

    public void Dispose() => place.Dispose();

    [Fact]
    public void Every_run_is_expected_to_take_some_time_and_seeds_take_the_same()
    {
        var plan = Plan.Of(place.Read(Workplace.Experiment.Replace("count: 3", "count: 3, temperatures: [0.5], batches: [2]", StringComparison.Ordinal) + "\nseeds: [1, 2]").Runs, place.Library, place.Store);
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
        var specs = place.Read(Workplace.Experiment).Runs.Where(run => run.Method.Name == "mdlm").SelectMany(run => new[] { run, run with { Training = run.Training! with { Steps = 80, ValidateEvery = 40 } } }).ToArray();
        var plan = Plan.Of(specs, place.Library, place.Store);
        var expected = Probe(plan);
        var (once, twice) = (expected[plan.Runs[0].Folder], expected[plan.Runs[1].Folder]);
        Assert.Equal(2 * once.Training, twice.Training, 1e-9);
        Assert.Equal((once.Likelihood, once.Generation), (twice.Likelihood, twice.Generation));
        Assert.Equal((once + twice).Total, once.Total + twice.Total, 1e-9);
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

    private Dictionary<string, Expectation> Probe(Plan plan) =>
        new SpeedProbe(place.Library, TimeProvider.System, TimeSpan.FromSeconds(0.5)).Of([.. plan.Runs.Select(run => (run, plan.CostOf(run)))]).ToDictionary();
}
