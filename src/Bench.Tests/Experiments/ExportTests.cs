using System.Text.Json;
using System.Text.Json.Nodes;
using Bench.Data.Safetensors;
using Bench.Experiments.Definitions;
using Bench.Experiments.Running;
using Bench.Methods;
using Bench.Results;
using Bench.Results.Metrics;
using Bench.Results.Runs;
using Bench.Tests.Published;
using Xunit;
using static TorchSharp.torch;

namespace Bench.Tests.Experiments;

/// <summary>Runs as safetensors: the import of an export is the same network, and gives the same metrics bit for bit.</summary>
public sealed class ExportTests
{
    private const string Tiny = """
        name: tiny
        data: { corpus: markov-4-1-2-1, length: 16 }
        methods: [METHOD]
        model: { blocks: 2, width: 16, heads: 2, condition-width: 8 }
        training: { steps: 3, batch-size: 4, learning-rate: 3e-2, ema-decay: 0.5, precision: float32, validate-every: 0 }
        evaluation: { sequences: 8, draws: 2 }
        sampling: { count: 2, steps: 4 }
        """;

    public static TheoryData<string> Methods() => [.. MethodTable.All.OfType<NetworkMethod>().Select(method => method.Name)];

    [Theory, MemberData(nameof(Methods))]
    public void The_import_of_an_export_has_the_metrics_of_the_run(string method)
    {
        using var place = new Workplace();
        var run = Assert.Single(place.PlanAll(Tiny.Replace("METHOD", method, StringComparison.Ordinal)));
        var record = place.Finish(run);
        using (var model = TrainedModel.Load(run.Folder))
            NetworkExport.Write(model, place["out"]);
        var imported = Assert.Single(place.PlanAll($$"""
            name: back
            data: { corpus: markov-4-1-2-1 }
            source: { checkpoint: "{{place["out"]}}" }
            evaluation: { sequences: 8, draws: 2 }
            sampling: { count: 2, steps: 4 }
            """));
        var back = place.Finish(imported);
        Assert.Equal(Measured(record), Measured(back));
        Assert.Equal(record.Samples.Select(sample => sample.Text), back.Samples.Select(sample => sample.Text));
        using var own = TrainedModel.Load(run.Folder);
        using var other = TrainedModel.Load(imported.Folder);
        AssertSame(own, other);
        // and once more: the import of an import's export
        NetworkExport.Write(other, place["again"]);
        Assert.Equal(File.ReadAllBytes(place["out", "model.safetensors"]), File.ReadAllBytes(place["again", "model.safetensors"]));
    }

    [Theory]
    [InlineData("ar", "learned-positions", "17"), InlineData("mdlm", "learned-positions", "17")]
    [InlineData("bd3lm", "learned-positions", "17"), InlineData("mdlm", "rotary-base", "10")]
    public void A_network_in_a_form_that_no_published_code_has_is_trained_exported_and_imported(string method, string key, string value)
    {
        using var place = new Workplace();
        string yaml = Tiny.Replace("METHOD", method, StringComparison.Ordinal);
        var run = Assert.Single(place.PlanAll(
            yaml.Replace("heads: 2,", $"heads: 2, {key}: {value},", StringComparison.Ordinal)));
        var record = place.Finish(run);
        Assert.Equal(value, record.Definition.Text($"model.{key}"));
        using (var model = TrainedModel.Load(run.Folder))
            Assert.Equal("Bench", NetworkExport.Write(model, place["out"]).Family.Title);
        var back = place.Finish(Assert.Single(place.PlanAll($$"""
            name: back
            data: { corpus: markov-4-1-2-1 }
            source: { checkpoint: "{{place["out"]}}" }
            evaluation: { sequences: 8, draws: 2 }
            sampling: { count: 2, steps: 4 }
            """)));
        Assert.Equal(Measured(record), Measured(back));
    }

    [Fact]
    public void Positions_are_learned_in_a_number_that_suffices_or_rotary()
    {
        using var place = new Workplace();
        string yaml = Tiny.Replace("METHOD", "mdlm", StringComparison.Ordinal);
        string few = yaml.Replace("heads: 2,", "heads: 2, learned-positions: 16,", StringComparison.Ordinal);
        Assert.Contains("sequences have 16 tokens and a place in front of them", Assert.Single(place.Read(few).Problems).What,
            StringComparison.Ordinal);
        string both = yaml.Replace("heads: 2,", "heads: 2, learned-positions: 17, rotary-base: 10,", StringComparison.Ordinal);
        Assert.Contains("learned positions are not rotary", Assert.Single(place.Read(both).Problems).What, StringComparison.Ordinal);
    }

    [Fact]
    public void Raw_weights_are_those_of_the_last_step()
    {
        using var place = new Workplace();
        var run = Assert.Single(place.PlanAll(Tiny.Replace("METHOD", "mdlm", StringComparison.Ordinal)));
        place.Finish(run);
        using var average = TrainedModel.Load(run.Folder);
        using var raw = TrainedModel.Load(run.Folder, raw: true);
        NetworkExport.Write(raw, place["raw"]);
        NetworkExport.Write(average, place["ema"]);
        byte[] one = File.ReadAllBytes(place["raw", "model.safetensors"]), other = File.ReadAllBytes(place["ema", "model.safetensors"]);
        Assert.Equal(one.Length, other.Length);
        Assert.NotEqual(one, other);
        Assert.Contains("is there already", Assert.Throws<SuiteException>(() => NetworkExport.Write(raw, place["raw"])).Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("mdlm/hub"), InlineData("duo/hub"), InlineData("sedd/hub"), InlineData("gidd/training"), InlineData("hdlm/gamma-hub")]
    [InlineData("bd3lm/hub"), InlineData("hdlm/epsilon-hub"), InlineData("blockgen/baselines/owt/ar")]
    public void A_published_network_is_exported_under_its_public_names(string folder)
    {
        using var place = new Workplace();
        string path = Path.Combine(CheckpointFiles.Own, folder);
        int tokens = ImportTests.Tokens(folder);
        var run = Assert.Single(place.PlanAll(ImportTests.Definition(path, tokens)));
        var record = place.Finish(run);
        using (var model = TrainedModel.Load(run.Folder))
            NetworkExport.Write(model, place["out"]);
        using (var exported = SafetensorsFile.Open(place["out", "model.safetensors"]))
        using (var checkpoint = Bench.Published.Checkpoint.Open(path))
        {
            string[] parameters = [.. exported.Tensors.Keys.Order(StringComparer.Ordinal)];
            string[] published =
                [.. checkpoint.Tensors.Select(entry => entry.Key).Where(parameters.Contains).Order(StringComparer.Ordinal)];
            if (!folder.StartsWith("blockgen", StringComparison.Ordinal)) // whose AR has no prefix, unlike that of others
                Assert.Equal(published, parameters);
        }

        using var config = JsonDocument.Parse(File.ReadAllText(place["out", "config.json"]));
        Assert.True(config.RootElement.TryGetProperty("bench", out _));
        var back = place.Finish(Assert.Single(place.PlanAll(ImportTests.Definition(place["out"], tokens))));
        Assert.Equal(Measured(record), Measured(back));
    }

    // What other programs, which do not know the section, would make of it. The note on where the noise ends is no part of a file.
    [Theory]
    [InlineData("mdlm/hub"), InlineData("duo/hub"), InlineData("sedd/hub"), InlineData("gidd/training"), InlineData("gidd/hub")]
    [InlineData("bd3lm/hub"), InlineData("bd3lm/hub-ar"), InlineData("hdlm/gamma-hub"), InlineData("hdlm/epsilon-hub")]
    public void Public_fields_alone_describe_the_same_network(string folder)
    {
        using var place = new Workplace();
        string path = Path.Combine(CheckpointFiles.Own, folder);
        var run = Assert.Single(place.PlanAll(ImportTests.Definition(path, ImportTests.Tokens(folder))));
        place.Finish(run);
        using (var model = TrainedModel.Load(run.Folder))
            NetworkExport.Write(model, place["out"]);
        using var first = Bench.Published.Checkpoint.Open(path);
        using var second = Bench.Published.Checkpoint.Open(WithoutSection(place["out"]));
        var (expected, found) = (PublishedNetworkTests.Understood(first), PublishedNetworkTests.Understood(second));
        Assert.Null(found.Own);
        Assert.Equal((expected.Family, expected.Shape, expected.Rows, expected.MaskId, expected.Length, expected.BlockSize, expected.View),
            (found.Family, found.Shape, found.Rows, found.MaskId, found.Length, found.BlockSize, found.View));
        Assert.Equal((expected.Process, expected.Schedule, expected.Lambda), (found.Process, found.Schedule, found.Lambda));
        Assert.Equal((expected.Path!.Kind, string.Join(", ", expected.Path.On(expected.Length!.Value))),
            (found.Path!.Kind, string.Join(", ", found.Path.On(found.Length!.Value))));
    }

    [Theory]
    [InlineData("ar"), InlineData("mdlm"), InlineData("bd3lm"), InlineData("epsilon"), InlineData("gidd")]
    public void Public_fields_alone_describe_a_network_of_the_suite(string method)
    {
        using var place = new Workplace();
        var run = Assert.Single(place.PlanAll(Tiny.Replace("METHOD", method, StringComparison.Ordinal)));
        place.Finish(run);
        using var model = TrainedModel.Load(run.Folder);
        NetworkExport.Write(model, place["out"]);
        using var checkpoint = Bench.Published.Checkpoint.Open(WithoutSection(place["out"]));
        var found = PublishedNetworkTests.Understood(checkpoint);
        Assert.Equal(method == "epsilon" ? "hdlm-epsilon" : method, found.Family.Name);
        // An unconditioned network has no condition width, and its dropout is one of training.
        Assert.Equal(model.Network.Shape with { ConditionWidth = 1, Dropout = 0 }, found.Shape with { ConditionWidth = 1 });
        Assert.Equal((model.Method.View, model.Method.Noise, model.Length), (found.View, found.Process!, found.Length!.Value));
        Assert.Equal((model.Method.Path.Kind, string.Join(", ", model.Method.Path.On(16))),
            (found.Path!.Kind, string.Join(", ", found.Path.On(16))));
    }

    private static string WithoutSection(string folder)
    {
        string path = Path.Combine(folder, "config.json");
        var config = JsonNode.Parse(File.ReadAllText(path))!.AsObject();
        Assert.True(config.Remove("bench"));
        File.WriteAllText(path, config.ToJsonString());
        return folder;
    }

    [Theory]
    [InlineData("\"length\": 16", "\"length\": -16")]
    [InlineData("\\\"Width\\\":16", "\\\"Width\\\":17")]
    [InlineData("\\\"Width\\\":16", "\\\"Width\\\":32")]
    [InlineData("absorbing", "absurd")]
    public void A_damaged_description_is_refused(string from, string to)
    {
        using var place = new Workplace();
        var run = Assert.Single(place.PlanAll(Tiny.Replace("METHOD", "mdlm", StringComparison.Ordinal)));
        place.Finish(run);
        using (var model = TrainedModel.Load(run.Folder))
            NetworkExport.Write(model, place["out"]);
        string config = File.ReadAllText(place["out", "config.json"]), changed = config.Replace(from, to, StringComparison.Ordinal);
        Assert.NotEqual(config, changed);
        File.WriteAllText(place["out", "config.json"], changed);
        Assert.NotEmpty(place.Read(ImportTests.Definition(place["out"], 4)).Problems);
    }

    private static void AssertSame(TrainedModel one, TrainedModel other)
    {
        foreach (var (a, b) in one.Network.parameters().Zip(other.Network.parameters()))
            Assert.True(a.equal(b).all().item<bool>());
    }

    // Without the remark on where weights come from.
    internal static string[] Measured(RunRecord run) =>
    [
        .. run.Metrics.Where(metric => metric.Split.Length > 0)
            .Select(metric => $"{metric.Name} {metric.Split} {metric.Value:R} {metric.StandardError:R}"),
    ];
}
