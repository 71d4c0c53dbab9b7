using Bench.Experiments.Definitions;
using Bench.Results;
using Bench.Results.Runs;
using Bench.Training;
using Xunit;

namespace Bench.Tests.Experiments;

/// <summary>Definitions that vary some of their keys.</summary>
public sealed class SweepTests
{
    [Fact]
    public void Every_combination_runs_and_says_what_is_varied()
    {
        using var place = new Workplace();
        var runs = place.Read(
            Workplace.Experiment.Replace("[ngram-1, ngram-2, ar, mdlm]", "[mdlm]", StringComparison.Ordinal)
                + "\nsweep: { model.width: [32, 64], training.learning-rate: [1e-3, 3e-3] }").Runs;
        Assert.Equal([(32, 1e-3), (32, 3e-3), (64, 1e-3), (64, 3e-3)], runs.Select(run => (run.Model!.Width, run.Training!.LearningRate)));
        Assert.Equal("model.width 64, training.learning-rate 0.001", string.Join(", ", runs[2].Varied));
        Assert.Equal("64", runs[2].Definition("hash").Leaves().Single(leaf => leaf.Key == "varied.model.width").Value);
    }

    // So a run of a sweep is shared with a definition that lists the same values.
    [Fact]
    public void The_list_of_varied_keys_does_not_change_a_run_id()
    {
        using var place = new Workplace();
        Assert.Equal(
            Ids(place.Read(Workplace.Experiment.Replace("width: 32", "width: 64", StringComparison.Ordinal))),
            Ids(place.Read(Workplace.Experiment + "\nsweep: { model.width: [64] }")));
    }

    [Fact]
    public void Runs_that_a_sweep_does_not_touch_are_there_once_and_are_said_to_vary_in_nothing()
    {
        using var place = new Workplace();
        var runs = place.Read(Workplace.Experiment + "\nsweep: { model.condition-width: [8, 16], training.steps: [10, 20] }").Runs;
        Assert.Equal(
            ["ngram-1 ", "ngram-2 ", "ar training.steps 10", "mdlm model.condition-width 8, training.steps 10", "ar training.steps 20",
                "mdlm model.condition-width 8, training.steps 20", "mdlm model.condition-width 16, training.steps 10",
                "mdlm model.condition-width 16, training.steps 20"],
            runs.Select(run => $"{run.Method.Name} {string.Join(", ", run.Varied)}"));
    }

    [Fact]
    public void Components_are_varied_like_any_key_and_whole_sections_are_values()
    {
        using var place = new Workplace();
        var runs = place.Read(
            Workplace.Experiment.Replace("methods: [ngram-1, ngram-2, ar, mdlm]", "method: { name: mine, from: mdlm }",
                StringComparison.Ordinal)
            + "\nsweep: { method.schedule: [{ kind: polynomial, power: 2 }, log-linear], method.sampler: [ancestral, remask] }").Runs;
        Assert.Equal(4, Ids(runs).Distinct().Count());
        Assert.Equal(["polynomial 2", "polynomial 2", "log-linear", "log-linear"],
            runs.Select(run => ((Bench.Methods.NetworkMethod)run.Method).Schedule.Name));
    }

    // A rate that is written under the sweep would be gone, without a word, if a section took the place of the whole.
    [Fact]
    public void A_section_that_is_varied_is_written_over_that_of_the_definition_unless_it_says_its_kind()
    {
        using var place = new Workplace();
        var runs = place.Read(
            Workplace.Experiment.Replace("[ngram-1, ngram-2, ar, mdlm]", "[mdlm]", StringComparison.Ordinal)
                .Replace("steps: 40", "steps: 40, optimizer: { kind: muon, momentum: 0.9 }", StringComparison.Ordinal)
                + "\nsweep: { training: [{ steps: 3 }, { tokens: 1281, optimizer: { kind: muon, learning-rate: 0.5 } }] }").Runs;
        Assert.Equal([(8, 3e-3), (8, 3e-3)], runs.Select(run => (run.Training!.BatchSize, run.Training.LearningRate)));
        Assert.Equal(3, runs[0].Training!.Steps);
        Assert.NotEqual(40, runs[1].Training!.Steps);
        Assert.Equal([0.9, new MuonChoice().Momentum],
            runs.Select(run => Assert.IsType<MuonChoice>(run.Training!.Optimiser).Momentum));
    }

    [Fact]
    public void A_budget_that_is_varied_displaces_that_of_the_definition()
    {
        using var place = new Workplace();
        var runs = place.Read(
            Workplace.Experiment.Replace("[ngram-1, ngram-2, ar, mdlm]", "[mdlm]", StringComparison.Ordinal)
                + "\nsweep: { training.tokens: [128, 256] }").Runs;
        Assert.Equal([1, 2], runs.Select(run => run.Training!.Steps)); // 128 tokens an update
    }

    [Fact]
    public void A_sweep_of_thousands_is_taken_for_a_slip()
    {
        using var place = new Workplace();
        string values = string.Join(", ", Enumerable.Range(1, 100));
        var problem = Assert.Single(
            place.Read(Workplace.Experiment + $"\nsweep: {{ training.steps: [{values}], training.log-every: [{values}] }}").Problems);
        Assert.Contains("10000 combinations", problem.What, StringComparison.Ordinal);
    }

    private static IEnumerable<string> Ids(Reading reading) => Ids(reading.Runs);

    private static IEnumerable<string> Ids(IEnumerable<RunSpec> runs) => [.. runs.Select(run => RunId.Of(run.Definition("hash"), "hash"))];
}
