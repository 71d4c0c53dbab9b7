using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Bench.Experiments.Definitions;
using Bench.Experiments.Planning;
using Bench.Results;
using Bench.Results.Runs;
using Bench.Tests.Architecture;
using Xunit;

namespace Bench.Tests.Experiments;

/// <summary>Resolved runs on their way to another process, and the names of those whose results are in the repository.</summary>
public sealed class RunJsonTests
{
    [Theory]
    [InlineData("smoke"), InlineData("quick"), InlineData("ablation"), InlineData("laptop"), InlineData("paper"), InlineData("recipe")]
    public void A_run_that_is_read_back_is_the_same(string profile)
    {
        using var place = new Workplace();
        string text = place.Write("text.txt", "some text");
        foreach (string file in Directory.EnumerateFiles(Path.Combine(Repository.Root, "experiments", profile), "*.yaml"))
        {
            // The papers' texts are files that the user has to bring.
            string found = profile == "paper"
                ? place.Write("paper.yaml", Regex.Replace(File.ReadAllText(file), "corpus: data/.*", $"corpus: {text}"))
                : file;
            var reading = DefinitionReader.Load(found);
            Assert.Empty(reading.Problems);
            Assert.All(reading.Runs, ReadsBack);
        }
    }

    [Theory]
    [InlineData("ngram-2, ar, mdlm]",
        "ngram-2, { name: mine, from: epsilon-block, title: My own, objective: { lambda: 2 } }]\nsweep: { model.width: [32, 64] }")]
    [InlineData("ngram-2, ar, mdlm]",
        "ngram-2, { name: mine, from: udlm, schedule: { kind: gaussian-argmax, vocabulary: 4, least: -3, most: -1 } }]")]
    [InlineData("steps: 40", "minutes: 0.5")]
    [InlineData("steps: 40", "minutes: 1, warmup-steps: 7")]
    [InlineData("steps: 40", "tokens: 1281, warmup-steps: 0")]
    [InlineData("steps: 40", "steps: 40, optimizer: muon, rate-schedule: linear, final-rate: 0")]
    [InlineData("steps: 40", "steps: 40, optimizer: { kind: muon, learning-rate: 5e-2, momentum: 0.9, scale: root-mean-square }, "
        + "rate-schedule: { kind: trapezoidal, cool-down: 0.5 }, final-rate: 0.1")]
    [InlineData("steps: 40", "steps: 40 }\nsweep: { training.optimizer: [adamw, { kind: muon, learning-rate: 0.1 }] }\n#")]
    [InlineData("sampling: {", "sampling: { precision: float32,")]
    [InlineData("sampling: {",
        "scorer: { training: { steps: 7 } }\nsampling: { temperatures: [0.5], step-counts: [4], samplers: [mdlm-cached], batches: [1, 2],")]
    public void Runs_of_every_kind_of_definition_are_read_back(string from, string to)
    {
        using var place = new Workplace();
        var reading = place.Read(Workplace.Experiment.Replace(from, to, StringComparison.Ordinal));
        Assert.Empty(reading.Problems);
        Assert.All(reading.Runs, ReadsBack);
    }

    [Fact]
    public void Files_are_found_again_and_not_named_by_their_place()
    {
        using var place = new Workplace();
        string text = place.Write("own text.txt", string.Concat(Enumerable.Repeat("the people of the united states ", 200))),
            other = place.Write("other.txt", "something else ");
        var spec = Assert.Single(
            place.Read(
                $"name: own\ndata: {{ corpus: '{text}', length: 8, tokenizer: alphabet27 }}\nmethods: [ngram-2]\nevaluation: {{ "
                    + $"zero-shot: ['{other}'] }}").Runs);
        ReadsBack(spec);
        Assert.Contains(text, RunJson.Write(spec).ToJsonString(), StringComparison.Ordinal);
        Assert.DoesNotContain(place[""], spec.Definition("hash").Canonical, StringComparison.Ordinal);
        File.Delete(text);
        Assert.Contains(text, Assert.Throws<SuiteException>(() => RunJson.Read(RunJson.Write(spec))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Keys_that_were_renamed_keep_their_stored_names_which_definitions_may_not_use()
    {
        using var place = new Workplace();
        string text = Workplace.Experiment + "\nscorer: { training: { steps: 7 } }";
        var run = place.Read(text).Runs.Last();
        ReadsBack(run);
        Assert.NotNull(run.Definition("hash").Text("judge")); // stored name
        // stored name
        Assert.Equal(("scorer.training.steps", "sampling.scorers"),
            (RunJson.Shown("judge.training.steps"), RunJson.Shown("sampling.judges")));
        // stored name
        Assert.Equal(("components.noise.gamma", "model.width"), (RunJson.Shown("nouns.noise.gamma"), RunJson.Shown("model.width")));
        var stored = RunJson.Write(run with { Sampling = run.Sampling with { Scorers = ["stories15m"] } });
        Assert.NotNull(stored["sampling"]!["judges"]); // stored name
        Assert.Equal(["stories15m"], RunJson.Read(stored).Sampling.Scorers.AsEnumerable());
        var problem = Assert.Single(place.Read(text.Replace("\nscorer:", "\njudge:", StringComparison.Ordinal)).Problems); // stored name
        Assert.EndsWith($":{text.Count(letter => letter == '\n') + 1}:1", problem.Where, StringComparison.Ordinal);
        Assert.Contains("'scorer'", problem.Fix, StringComparison.Ordinal);
    }

    [Fact]
    public void A_planned_run_goes_on_one_line_to_the_same_folder()
    {
        using var place = new Workplace();
        var run = place.Plan("mdlm");
        string line = run.ToJson();
        Assert.DoesNotContain('\n', line);
        var back = PlannedRun.FromJson(line);
        Assert.Equal((run.Id, run.Folder, run.Text, run.ToPlanAnew), (back.Id, back.Folder, back.Text, back.ToPlanAnew));
    }

    [Fact]
    public void A_submitted_run_whose_text_has_changed_is_to_be_submitted_anew()
    {
        using var place = new Workplace();
        string text = place.Write("moving.txt", string.Concat(Enumerable.Repeat("the king and the winter ", 300)));
        var planned = Assert.Single(place.PlanAll($$"""
            name: moving
            data: { corpus: "{{text}}", length: 16 }
            methods: [ngram-1]
            evaluation: { sequences: 2, splits: [test] }
            sampling: { count: 0 }
            """));
        File.AppendAllText(text, "another year");
        var submitted = Assert.Single(Bench.Experiments.Planning.Plan.OfResolved([planned.ToJson()], place.Store).Runs);
        Assert.Contains("it plans anew", Refusal(PlannedRun.FromJson(planned.ToJson())).Fix, StringComparison.Ordinal);
        // A process that a task starts for it says the same.
        Assert.All([submitted, PlannedRun.FromJson(submitted.ToJson())],
            run => Assert.Contains("'bench submit' again", Refusal(run).Fix, StringComparison.Ordinal));

        SuiteException Refusal(PlannedRun run)
        {
            var refused = Assert.Throws<SuiteException>(() => place.Finish(run));
            Assert.Contains("has changed since this run was planned", refused.Message, StringComparison.Ordinal);
            return refused;
        }
    }

    [Theory, InlineData(""), InlineData("{}"), InlineData("42"), InlineData("3a74c3918337473d"),
        InlineData("{\"id\":\"x\",\"folder\":\"y\",\"run\":{\"method\":7}}")]
    public void An_unknown_run_is_reported(string line) => Assert.Throws<SuiteException>(() => PlannedRun.FromJson(line));

    private static void ReadsBack(RunSpec run)
    {
        var back = RunJson.Read(JsonNode.Parse(RunJson.Write(run).ToJsonString())!);
        Assert.Equal(run.Definition("hash").Canonical, back.Definition("hash").Canonical);
        Assert.Equal(run.Scorer?.Definition("hash").Canonical, back.Scorer?.Definition("hash").Canonical);
        Assert.Equal(run.Data.Source.Written, back.Data.Source.Written);
    }
}
