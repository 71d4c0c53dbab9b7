using System.Text.Json;
using Bench.Data.Tokenizers;
using Bench.Experiments.Definitions;
using Bench.Experiments.Running;
using Bench.Published;
using Bench.Results;
using Bench.Results.Metrics;
using Bench.Results.Runs;
using Bench.Tests.Published;
using Xunit;
using static TorchSharp.torch;

namespace Bench.Tests.Experiments;

/// <summary>Published checkpoints become runs: the same weights, measured, sampled and reported like those that were trained.</summary>
public sealed class ImportTests
{
    private static readonly string Mdlm = Path.Combine(CheckpointFiles.Own, "mdlm", "hub");
    private static readonly string Lightning = Path.Combine(CheckpointFiles.Own, "mdlm", "lightning");

    public static TheoryData<string> Cases() => [.. CheckpointFiles.Cases()];

    [Theory, MemberData(nameof(Cases))]
    public void A_checkpoint_becomes_a_run_with_its_weights(string folder)
    {
        using var place = new Workplace();
        string path = Path.Combine(CheckpointFiles.Root, folder);
        using var checkpoint = Checkpoint.Open(path);
        var published = PublishedNetworkTests.Understood(checkpoint);
        bool samples = published.Family.Name != "hdlm-gamma"; // its scores say nothing at infinite noise, where generation starts
        string yaml = Definition(path, Tokens(folder),
            (published.Path is null ? ", block-size: 4" : "") + (published.HasAverages ? ", weights: ema" : ""), samples ? 1 : 0);
        var run = Assert.Single(place.PlanAll(yaml));
        var record = place.Finish(run);
        Assert.Equal(RunState.Finished, record.Status.State);
        Assert.NotNull(record.Environment);
        double bits = record.Find(LikelihoodMetrics.Likelihood.Name, Splits.Test)!.Value;
        Assert.InRange(bits, 1, 60);
        Assert.Equal(samples ? 1 : 0, record.Samples.Length);

        using var model = TrainedModel.Load(run.Folder);
        using var expected = published.Load(published.HasAverages);
        Assert.Equal(expected.named_parameters().Select(entry => entry.name), model.Network.named_parameters().Select(entry => entry.name));
        foreach (var (one, other) in expected.parameters().Zip(model.Network.parameters()))
            Assert.True(one.equal(other).all().item<bool>());
        Assert.Equal(samples, TextGenerator.Of(model, new()).Writer is not null);
    }

    [Fact]
    public void The_definition_says_what_was_open_and_how_it_was_answered()
    {
        using var place = new Workplace();
        File.Copy(Path.Combine(CheckpointFiles.Own, "mdlm", "hub", "model.safetensors"), place["model.safetensors"]);
        var record = place.Finish(Assert.Single(place.PlanAll(
            Definition(place["model.safetensors"], 47, ", as: mdlm, heads: 2")
                .Replace("-2-1 }", "-2-1, length: 16 }", StringComparison.Ordinal))));
        using var definition = JsonDocument.Parse(record.Definition.Canonical);
        string[] assumed = [.. definition.RootElement.GetProperty("assumed").EnumerateArray().Select(said => said.GetString()!)];
        Assert.Contains("family mdlm: answered", assumed);
        Assert.Contains(assumed, said => said.StartsWith("heads 2", StringComparison.Ordinal));
        Assert.Equal("mdlm", record.Definition.Text("source.as"));
        Assert.StartsWith("sha256 ", record.Definition.Text("source.checkpoint"), StringComparison.Ordinal);
        Assert.Equal("24", new Workplace().Read(Definition(Lightning, 47, ", weights: ema")).Runs[0].Definition("").Text("model.width"));
    }

    [Fact]
    public void A_run_is_named_after_the_weights_and_not_after_where_they_lie()
    {
        using var place = new Workplace();
        Directory.CreateDirectory(place["elsewhere"]);
        foreach (string file in Directory.EnumerateFiles(Mdlm))
            File.Copy(file, place["elsewhere", Path.GetFileName(file)]);
        string own = Id(place, Definition(Mdlm, 47)), ema = Id(place, Definition(Lightning, 47, ", weights: ema"));
        Assert.Equal(own, Id(place, Definition(place["elsewhere"], 47)));
        Assert.NotEqual(ema, Id(place, Definition(Lightning, 47, ", weights: raw")));
        byte[] weights = File.ReadAllBytes(place["elsewhere", "model.safetensors"]);
        weights[^1] ^= 1;
        File.WriteAllBytes(place["elsewhere", "model.safetensors"], weights);
        Assert.NotEqual(own, Id(place, Definition(place["elsewhere"], 47)));
    }

    [Fact]
    public void An_imported_run_is_the_same_when_another_process_reads_it_or_its_definition_is_written_out()
    {
        using var place = new Workplace();
        string yaml = Definition(Mdlm, 47);
        var spec = Assert.Single(place.Read(yaml).Runs);
        Assert.Equal(spec.Definition("x").Canonical, RunJson.Read(RunJson.Write(spec)).Definition("x").Canonical);
        var shown = DefinitionReader.Show(place.Write("shown.yaml", yaml));
        Assert.Empty(shown.Problems);
        Assert.Equal(spec.Definition("x").Canonical, Assert.Single(place.Read(shown.Text).Runs).Definition("x").Canonical);
    }

    [Fact]
    public void Weights_that_changed_after_the_plan_are_not_imported()
    {
        using var place = new Workplace();
        Directory.CreateDirectory(place["moving"]);
        foreach (string file in Directory.EnumerateFiles(Mdlm))
            File.Copy(file, place["moving", Path.GetFileName(file)]);
        var run = Assert.Single(place.PlanAll(Definition(place["moving"], 47)));
        byte[] weights = File.ReadAllBytes(place["moving", "model.safetensors"]);
        weights[^1] ^= 1;
        File.WriteAllBytes(place["moving", "model.safetensors"], weights);
        var refused = Assert.Throws<SuiteException>(() => place.Finish(run));
        Assert.Contains("has changed since this run was planned", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", 46, "47 tokens and a mask, and the tokenizer symbols46 has 46")]
    [InlineData(", weights: ema", 47, "one set of weights")]
    [InlineData(", as: duo", 47, "--as says duo")]
    [InlineData(", block-size: 4", 47, "has no blocks")]
    [InlineData(", heads: 4", 47, "states 2 heads")]
    [InlineData(" }\nmethods: [mdlm]\nquestion: \"", 47, "methods and source are both there")]
    [InlineData(" }\ntraining: { steps: 3 }\nquestion: \"", 47, "training and source are both there")]
    public void What_does_not_fit_a_checkpoint_is_reported(string more, int tokens, string said)
    {
        using var place = new Workplace();
        string yaml = Definition(Mdlm, tokens, more);
        if (more.EndsWith('"'))
            yaml = yaml.Replace("question: \" }", "question: \"\"", StringComparison.Ordinal);
        Assert.Contains(place.Read(yaml).Problems, problem => problem.What.Contains(said, StringComparison.Ordinal));
    }

    [Fact]
    public void A_text_that_spells_padding_has_none_and_a_model_may_draw_it()
    {
        var (own, padded) = (BytePairTokenizer.Gpt2, WithPadding.Gpt2);
        Assert.Equal(own.Vocabulary.TokenCount + 1, padded.Vocabulary.TokenCount);
        int[] tokens = padded.Encode("a [PAD] in a text");
        Assert.Equal(own.Encode("a [PAD] in a text"), tokens);
        Assert.Equal("a [PAD] in a text[PAD]\uFFFD", padded.Decode([.. tokens, 50_257, 50_258]));
        Assert.Equal(own.Characters(tokens) + 1, padded.Characters([.. tokens, 50_257]));
    }

    // The tokens of a Markov source stand for those of the fixture, whose tokenizer is not there.
    internal static string Definition(string path, int tokens, string more = "", int samples = 0) => $$"""
        name: imported
        data: { corpus: markov-{{tokens}}-1-2-1 }
        source: { checkpoint: "{{path}}"{{more}} }
        evaluation: { sequences: 2, draws: 2, splits: [test] }
        sampling: { count: {{samples}}, steps: 2 }
        """;

    internal static int Tokens(string folder)
    {
        using var json = JsonDocument.Parse(File.ReadAllText(Path.Combine(CheckpointFiles.Root, folder, "expected.json")));
        var shape = json.RootElement.GetProperty("shape");
        return shape.GetProperty("vocab").GetInt32() - (shape.GetProperty("mask_id").ValueKind == JsonValueKind.Null ? 0 : 1);
    }

    private static string Id(Workplace place, string yaml) => Assert.Single(place.PlanAll(yaml)).Id;
}
