using System.Text.Json;
using Bench.Attention;
using Bench.Backbone;
using Bench.Published;
using Bench.Numerics;
using Bench.Results;
using Bench.Tests.Golden;
using Xunit;
using static TorchSharp.torch;
using Close = Bench.Tests.Golden.Close;

namespace Bench.Tests.Published;

/// <summary>
/// Networks read from files in the published formats give the logits that the public code computed from the same files in float64.
/// </summary>
public sealed class PublishedNetworkTests
{
    public static TheoryData<string> Cases() => [.. CheckpointFiles.Cases()];

    [Theory, MemberData(nameof(Cases))]
    public void A_checkpoint_gives_the_logits_of_its_public_code(string folder)
    {
        using var scope = NewDisposeScope();
        using var json = JsonDocument.Parse(File.ReadAllText(Path.Combine(CheckpointFiles.Root, folder, "expected.json")));
        var expected = new Expectations(json.RootElement, folder);
        expected.Skip("about", "source", "how", "weights", "notes", "ignore", "sha256", "loss", "ema_order");
        using var checkpoint = Checkpoint.Open(Path.Combine(CheckpointFiles.Root, folder));
        var published = Understood(checkpoint);
        AssertShape(expected.Part("shape"), published, checkpoint);
        bool hasTwo = expected.Part("outputs").Has("raw");
        Assert.Equal(hasTwo, published.HasAverages);
        foreach (bool averages in hasTwo ? [false, true] : new[] { false })
        {
            var outputs = expected.Part("outputs");
            outputs.Skip("raw", "ema");
            using var network = published.Load(averages, float64);
            var calls = new KnownCalls(published, network, expected.Part("inputs"), expected.Part("shape"));
            calls.AssertLogits(hasTwo ? outputs.Part(averages ? "ema" : "raw") : outputs);
            using var single = published.Load(averages);
            var logits = (hasTwo ? outputs.Part(averages ? "ema" : "raw") : outputs).Numbers("logits");
            Close.Assert(logits, new KnownCalls(published, single, expected.Part("inputs"), expected.Part("shape")).Logits(), 1e-4,
                "float32");
        }

        expected.AssertAllRead();
    }

    [Theory, MemberData(nameof(Cases))]
    public void The_names_of_the_parameters_are_those_of_the_network(string folder)
    {
        using var checkpoint = Checkpoint.Open(Path.Combine(CheckpointFiles.Root, folder));
        var published = Understood(checkpoint);
        using var network = new Ddit(published.Shape, RandomStream.Root(1));
        Assert.Equal(
            network.named_parameters().Select(entry => (entry.name, string.Join(", ", entry.parameter.shape))).Order(),
            new DditTensors(published.Shape).All
                .Select(entry => (entry.Key, string.Join(", ", entry.Value))).Order());
    }

    [Fact]
    public void Another_family_than_the_stated_one_is_refused()
    {
        List<Problem> problems = [];
        using var checkpoint = Checkpoint.Open(Path.Combine(CheckpointFiles.Own, "duo", "hub"));
        Assert.Null(PublishedNetwork.Of(checkpoint, "mdlm", problems));
        Assert.Contains("--as says mdlm", Assert.Single(problems).What, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_without_configuration_is_asked_for_its_family()
    {
        string folder = Directory.CreateTempSubdirectory("bench-checkpoint-").FullName;
        try
        {
            File.Copy(Path.Combine(CheckpointFiles.Own, "duo", "hub", "model.safetensors"), Path.Combine(folder, "model.safetensors"));
            List<Problem> problems = [];
            using var checkpoint = Checkpoint.Open(folder);
            Assert.Null(PublishedNetwork.Of(checkpoint, named: null, problems));
            Assert.Contains("--as", Assert.Single(problems).Fix, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    internal static PublishedNetwork Understood(Checkpoint checkpoint)
    {
        List<Problem> problems = [];
        var network = PublishedNetwork.Of(checkpoint, named: null, problems);
        Assert.Empty(problems);
        return network!;
    }

    private static void AssertShape(Expectations shape, PublishedNetwork found, Checkpoint checkpoint)
    {
        int vocabulary = found.Family.HasMask ? found.Shape.Vocabulary : found.Shape.Vocabulary - 1;
        long[] sizes = [vocabulary, found.Rows, found.Shape.Blocks, found.Shape.Width, found.Shape.Heads, found.Length ?? -1];
        string[] names = ["vocab", "rows", "blocks", "width", "heads", "length"];
        Assert.Equal(names.Select(name => shape.Of(name).GetInt64()), sizes);
        Assert.Equal(shape.Of("mask_id").ValueKind == JsonValueKind.Null ? null : shape.Of("mask_id").GetInt32(), found.MaskId);
        if (found.Shape.Modulated)
            Assert.Equal(shape.Of("cond").GetInt32(), found.Shape.ConditionWidth);
        Assert.Equal(shape.Has("causal") && shape.Of("causal").GetBoolean(), found.View.Block == AttentionKind.Causal);
        Assert.Equal(shape.Has("gamma") ? shape.Of("gamma").GetDouble() : null, found.Shape.EmbeddingMix);
        if (found.Family.Name == "bd3lm")
            Assert.Equal(shape.Of("block_size").GetInt32(), found.BlockSize);
        if (shape.Has("x0_causal"))
            Assert.Equal(shape.Of("x0_causal").GetBoolean(), found.View.Context == AttentionKind.Causal);
        shape.Skip("cond", "pad_id", "pad_is_eos", "block_size");
        shape.AssertAllRead();
        Assert.NotEqual("", checkpoint.Container);
    }
}
