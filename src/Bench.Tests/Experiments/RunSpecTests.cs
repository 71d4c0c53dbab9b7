using Bench.Experiments.Definitions.Components;
using Bench.Results.Runs;
using Xunit;

namespace Bench.Tests.Experiments;

/// <summary>A run is named after what it depends on, and after nothing else.</summary>
public sealed class RunSpecTests
{
    [Fact]
    public void The_order_of_keys_and_the_spelling_of_numbers_do_not_rename_a_run() => Assert.Equal(
        Ids("name: x\ndata: { corpus: markov, length: 16 }\nmethods: [mdlm]\ntraining: { steps: 100, learning-rate: 3e-3 }"),
        Ids("training:\n  learning-rate: 0.0030\n  steps: 100\nseeds: [1]\nmethods:\n- mdlm\ndata:\n  length: 16\n  corpus: "
            + "'markov'\nname: \"x\""));

    [Theory, InlineData("1."), InlineData("1.0"), InlineData("+1"), InlineData("01e0")]
    public void The_spelling_of_a_parameter_of_a_component_changes_neither_the_run_id_nor_what_is_restored(string one)
    {
        using var place = new Workplace();
        string Mine(string gamma) =>
            Workplace.Experiment.Replace("[ngram-1, ngram-2, ar, mdlm]", $"[{{ name: mine, from: gamma, noise: {{ gamma: {gamma} }} }}]",
                StringComparison.Ordinal);
        Assert.Equal(Ids(Mine("1")), Ids(Mine(one)));
        var definition = Assert.Single(place.Read(Mine(one)).Runs).Definition("hash");
        Assert.Equal("gamma-hybrid 1", MethodReader.Restore("mine", "Mine", definition.Text("nouns")!).Noise.Name); // stored name
    }

    // If this changes, every result of every user is orphaned.
    [Fact]
    public void Names_are_the_same_on_every_machine() => Assert.Equal(
        ["ngram-1 d92727b6c20a2036", "ngram-2 42abe587e83fb862", "ar ddfc7c495bb27c3d", "mdlm 225bbf82297629eb"],
        Ids(Workplace.Experiment));

    [Theory]
    [InlineData("steps: 40", "steps: 41", "ar mdlm")]
    [InlineData("width: 32", "width: 64", "ar mdlm")]
    [InlineData("condition-width: 16", "condition-width: 8", "mdlm")]
    [InlineData("draws: 4", "draws: 5", "mdlm")]
    [InlineData("steps: 8", "steps: 9", "mdlm")]
    [InlineData("sequences: 64", "sequences: 32", "ngram-1 ngram-2 ar mdlm")]
    [InlineData("count: 3", "count: 4", "ngram-1 ngram-2 ar mdlm")]
    [InlineData("float32", "bf16", "ar mdlm")]
    [InlineData("name: tiny", "cites: [sahoo2024simple]\nname: tiny", "")]
    [InlineData("name: tiny", "question: Why?\nname: tiny", "")]
    [InlineData("steps: 40", "steps: 40, optimizer: adamw, rate-schedule: { kind: cosine }", "")]
    [InlineData("steps: 40", "steps: 40, optimizer: muon", "ar mdlm")]
    [InlineData("steps: 40", "steps: 40, rate-schedule: constant", "ar mdlm")]
    [InlineData("steps: 40", "steps: 40, levels: stratified", "")]
    [InlineData("steps: 40", "steps: 40, levels: spaced", "mdlm")]
    public void A_change_renames_the_runs_that_depend_on_it(string from, string to, string methods) => Assert.Equal(
        methods,
        string.Join(' ',
            Ids(Workplace.Experiment).Except(Ids(Workplace.Experiment.Replace(from, to, StringComparison.Ordinal)))
                .Select(id => id.Split(' ')[0])));

    [Theory, InlineData("{ kind: muon }"), InlineData("{ learning-rate: 2e-2, kind: 'muon', scale: spectral }")]
    public void The_spelling_of_an_optimiser_renames_no_run(string spelled) => Assert.Equal(
        Ids(Workplace.Experiment.Replace("steps: 40", "steps: 40, optimizer: muon", StringComparison.Ordinal)),
        Ids(Workplace.Experiment.Replace("steps: 40", $"steps: 40, optimizer: {spelled}", StringComparison.Ordinal)));

    [Fact]
    public void Other_data_renames_every_run()
    {
        using var place = new Workplace();
        var spec = place.Read(Workplace.Experiment).Runs[0];
        Assert.NotEqual(RunId.Of(spec.Definition("a"), "a"), RunId.Of(spec.Definition("b"), "b"));
    }

    [Fact]
    public void The_precision_asked_for_stays_in_the_definition()
    {
        using var place = new Workplace();
        var spec = place.Read(Workplace.Experiment.Replace("float32", "bf16", StringComparison.Ordinal)).Runs[^1];
        Assert.Equal("bf16", spec.Definition("").Text("training.precision"));
    }

    [Fact]
    public void A_run_has_its_parameters_and_training_tokens()
    {
        using var place = new Workplace();
        var runs = place.Read(Workplace.Experiment).Runs;
        Assert.Equal((null, null), (runs[0].Parameters, runs[0].TrainingTokens));
        Assert.Equal(40L * 8 * 16, runs[^1].TrainingTokens);
        Assert.True(runs[^1].Parameters > runs[^2].Parameters); // the noise embedding
    }

    private static IEnumerable<string> Ids(string yaml)
    {
        using var place = new Workplace();
        return [.. place.Read(yaml).Runs.Select(run => $"{run.Method.Name} {RunId.Of(run.Definition("hash"), "hash")}")];
    }
}
