using System.Text.Json.Nodes;
using Bench.Backbone;
using Bench.Data;
using Bench.Data.Safetensors;
using Bench.Data.Tokens;
using Bench.Experiments.Running;
using Bench.Objectives;
using Bench.Pretrained;
using Bench.Pretrained.Scorers;
using Bench.Published;
using Bench.Results;
using Bench.Results.Metrics;
using Bench.Results.Runs;
using Bench.Tests.Data;
using Bench.Tests.Experiments;
using Bench.Tests.Kernels;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;
using Weights = System.Collections.Generic.IEnumerable<(string Name, long[] Shape, float[] Values)>;

namespace Bench.Tests.Published;

/// <summary>GPT-2 from Hugging Face's files is a run like any other: the network of the scorer, token by token behind the end of text.
/// </summary>
public sealed class Gpt2ImportTests : IDisposable
{
    private static readonly long[] Text = [3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8, 9, 7, 9, 46];
    private readonly Workplace place = new();

    public void Dispose() => place.Dispose();

    [Theory, InlineData(ScalarType.Float64, 1e-9), InlineData(ScalarType.Float32, 1e-4)]
    public void Logits_are_those_of_plain_loops_and_of_the_scorer(ScalarType type, double error)
    {
        using var scope = NewDisposeScope();
        using var checkpoint = Checkpoint.Open(TinyGpt2.Write(place["gpt2"]));
        using var network = Understood(checkpoint).Load(averages: false, type);
        using var recorded = no_grad();
        var logits = network.Logits(tensor(Text, [1, Text.Length]), sigma: null,
            layout: Bench.Attention.SequenceLayout.Single(Text.Length, causal: true));
        Assert.Equal([1, Text.Length, TinyGpt2.Tokens + 1], logits.shape);
        var words = logits.narrow(2, 0, TinyGpt2.Tokens);
        TensorAssert.Close([.. TinyGpt2.Plain.Logits(Text).SelectMany(row => row)], words.flatten(), error);
        using var scorer = Scorer(type);
        var scored = scorer.Hidden(tensor(Text, [1, Text.Length])).matmul(scorer.Output.transpose(0, 1));
        TensorAssert.Close(scored.to(float64).flatten().data<double>().ToArray(), words.flatten(), error);
    }

    [Fact]
    public void The_likelihood_of_the_run_is_the_scorer_s_behind_the_end_of_text()
    {
        var run = Assert.Single(place.PlanAll(ImportTests.Definition(TinyGpt2.Write(place["gpt2"]), TinyGpt2.Tokens)));
        var record = place.Finish(run);
        Assert.Equal((RunState.Finished, "published-gpt2"), (record.Status.State, run.Spec.Method.Name));
        using var data = run.Spec.Data.Open(place.Library);
        var chunks = new EvaluationChunks(data.Test, TinyGpt2.Positions, run.Spec.Evaluation.Sequences);
        using var scorer = Scorer(float64);
        double nats = 0;
        for (int i = 0; i < chunks.Count; i++)
        {
            using var scope = NewDisposeScope();
            long[] tokens = [0, .. chunks.Read(i).Select(token => (long)token)];
            nats += NextTokenNats.Of(scorer, tensor(tokens, [1, tokens.Length])).sum().ToDouble();
        }

        var found = record.Find(LikelihoodMetrics.Nats.Name, Splits.Test)!;
        Assert.Equal(nats / (chunks.Count * TinyGpt2.Positions), found.Value, 1e-5);
        Assert.Contains("exact", found.Protocol, StringComparison.Ordinal);
        Assert.EndsWith("imported weights; the first token predicted from the end of text in front of it", found.Protocol,
            StringComparison.Ordinal);
        // The same file through `bench eval`, which says it, too.
        string text = place.Write("test.txt", data.Tokenizer.Decode(data.Test.ToArray()));
        using var model = TrainedModel.Load(run.Folder);
        Assert.Contains("predicted from the end of text", model.Evaluate(text, sequences: 2)[0].Protocol, StringComparison.Ordinal);
    }

    [Fact]
    public void A_first_token_that_is_given_is_read_at_position_0()
    {
        using var scope = NewDisposeScope();
        using var checkpoint = Checkpoint.Open(TinyGpt2.Write(place["gpt2"]));
        using var network = Understood(checkpoint).Load(averages: false, float64);
        using var scorer = Scorer(float64);
        var batch = new ExampleBatch(Text, [0]) { Given = [true, .. new bool[Text.Length - 1]] };
        var nats = (new NextToken(TinyGpt2.Tokens) with { FirstIsRead = true }).PerPosition(network, batch, default, default, CPU);
        var expected = NextTokenNats.Of(scorer, tensor(Text, [1, Text.Length]));
        TensorAssert.Close([0, .. expected.flatten().data<double>().ToArray()], nats.flatten(), 1e-9);
    }

    public static TheoryData<string> Forms => ["plain", "prefix", "head", "archive", "archive with head"];

    [Theory, MemberData(nameof(Forms))]
    public void Every_form_of_the_files_holds_the_same_network(string form)
    {
        var prefixed = TinyGpt2.Weights.Concat(TinyGpt2.Masks)
            .Select(weight => ($"transformer.{weight.Name}", weight.Shape, weight.Values));
        string folder = form switch
        {
            "plain" => TinyGpt2.Write(place["gpt2"], weights: TinyGpt2.Weights),
            "prefix" => TinyGpt2.Write(place["gpt2"], weights: prefixed),
            "head" => TinyGpt2.Write(place["gpt2"], weights: prefixed.Append(TinyGpt2.Head)),
            "archive" => TinyGpt2.WriteArchive(place["gpt2"], TinyGpt2.Weights.Concat(TinyGpt2.Masks)),
            _ => TinyGpt2.WriteArchive(place["gpt2"], prefixed.Append(TinyGpt2.Head)),
        };
        using var scope = NewDisposeScope();
        using var checkpoint = Checkpoint.Open(folder);
        using var network = Understood(checkpoint).Load(averages: false);
        using var other = Checkpoint.Open(TinyGpt2.Write(place["usual"]));
        using var usual = Understood(other).Load(averages: false);
        foreach (var (one, expected) in network.parameters().Zip(usual.parameters()))
            Assert.True(one.equal(expected).all().item<bool>());
        // A sequence begins behind the token that ends a text.
        var table = network.get_parameter("vocab_embed.embedding")!;
        Assert.True(table[TinyGpt2.Tokens].equal(table[0]).all().item<bool>());
    }

    [Theory, InlineData(true), InlineData(false)]
    public void The_import_of_an_export_is_the_same_run_with_and_without_the_suite_s_section(bool isWhole)
    {
        string definition = ImportTests.Definition(TinyGpt2.Write(place["gpt2"]), TinyGpt2.Tokens, samples: 2);
        var run = Assert.Single(place.PlanAll(definition));
        var record = place.Finish(run);
        using (var model = TrainedModel.Load(run.Folder))
            NetworkExport.Write(model, place["out"]);
        string config = place["out", "config.json"];
        var stated = JsonNode.Parse(File.ReadAllText(config))!.AsObject();
        if (!isWhole)
        {
            Assert.True(stated.Remove("bench"));
            File.WriteAllText(config, stated.ToJsonString());
        }

        foreach (var (key, value) in TinyGpt2.Config.Where(entry => entry.Key is not "n_inner" and not "scale_attn_weights"))
            Assert.Equal(value!.ToJsonString(), stated[key]!.ToJsonString());
        using (var exported = SafetensorsFile.Open(place["out", "model.safetensors"]))
        {
            Assert.Equal(TinyGpt2.Weights.Select(weight => $"transformer.{weight.Name} {string.Join(',', weight.Shape)}").Order(),
                exported.Tensors.Values.Select(entry => $"{entry.Name} {string.Join(',', entry.Shape)}").Order());
        }

        var back = place.Finish(Assert.Single(place.PlanAll(
            definition.Replace(place["gpt2"], place["out"], StringComparison.Ordinal))));
        Assert.Equal(ExportTests.Measured(record), ExportTests.Measured(back));
        Assert.Equal(record.Samples.Select(sample => sample.Text), back.Samples.Select(sample => sample.Text));
    }

    [Fact]
    public void Generation_with_cached_keys_draws_what_it_draws_without()
    {
        // In float32: without kept keys products are in bf16 otherwise.
        string definition = ImportTests.Definition(TinyGpt2.Write(place["gpt2"]), TinyGpt2.Tokens, samples: 1)
            .Replace("sampling: {", "sampling: { precision: float32,", StringComparison.Ordinal);
        var run = Assert.Single(place.PlanAll(definition));
        place.Finish(run);
        using var model = TrainedModel.Load(run.Folder);
        int[][] Draw(bool caches, int length) =>
            TextGenerator.Of(model, new() { Caches = caches, Length = length }).Writer!.Write(count: 3, seed: 5).Sequences;

        Assert.Equal(Draw(caches: false, 16), Draw(caches: true, 16));
        Assert.Equal(Draw(caches: false, 40), Draw(caches: true, 40)); // beyond its positions, by windows
        Assert.All(Draw(caches: true, 16).SelectMany(tokens => tokens), token => Assert.InRange(token, 0, TinyGpt2.Tokens - 1));
    }

    [Fact]
    public void A_file_without_configuration_is_a_GPT_2_by_its_names_and_asks_for_its_heads()
    {
        string folder = TinyGpt2.Write(place["gpt2"]);
        File.Delete(place["gpt2", "config.json"]);
        using var checkpoint = Checkpoint.Open(folder);
        List<Problem> problems = [];
        Assert.Null(PublishedNetwork.Of(checkpoint, named: null, problems));
        Assert.Contains("--heads", Assert.Single(problems).Fix, StringComparison.Ordinal);
        problems.Clear();
        var network = PublishedNetwork.Of(checkpoint, new CheckpointAnswers(Heads: 2), problems);
        Assert.Empty(problems);
        Assert.Equal(("gpt2", TinyGpt2.Positions, TinyGpt2.Tokens - 1), (network!.Family.Name, network.Length, network.EndOfText));
    }

    public static TheoryData<string, string> Hostile => new()
    {
        { "n_head=5", "5 heads" },
        { "n_head=0", "0 heads" },
        { "n_layer=3", "states blocks 3" },
        { "n_embd=64", "states width 64" },
        { "n_positions=32", "states positions 32" },
        { "vocab_size=50257", "a vocabulary of 50257" },
        { "bos_token_id=47", "bos_token_id 47" },
        { "activation_function=\"relu\"", "activation_function relu" },
        { "layer_norm_epsilon=1e-6", "layer_norm_epsilon 1E-06" },
        { "scale_attn_by_inverse_layer_idx=true", "scale_attn_by_inverse_layer_idx" },
        { "tie_word_embeddings=false", "tie_word_embeddings" },
        { "model_type=\"mdlm\"", "holds 'wte.weight' in the place of 'vocab_embed.embedding'" },
        { "model_type=\"gpt_neo\"", "model_type gpt_neo" },
        { "without h.1.mlp.c_fc.bias", "lacks 'h.1.mlp.c_fc.bias' [512]" },
        { "without h.0.attn.c_attn.weight", "lacks 'h.0.attn.c_attn.weight' [128, 384]" },
        { "without wpe.weight", "lacks 'wpe.weight'" },
        { "with h.0.attn.q_attn.weight", "has 'h.0.attn.q_attn.weight', which GPT-2 does not have" },
        { "with blocks.0.norm1.weight", "has 'blocks.0.norm1.weight', which GPT-2 does not have" },
        { "transposed", "has 'h.0.attn.c_attn.weight' as F32 [384, 128]" },
        { "another head", "'lm_head.weight' F32 [47, 128] is no copy of 'wte.weight'" },
        { "another mask", "is no causal mask" },
    };

    [Theory, MemberData(nameof(Hostile))]
    public void What_is_missing_or_does_not_fit_is_said(string how, string said)
    {
        var config = TinyGpt2.Config;
        var weights = TinyGpt2.Weights.Concat(TinyGpt2.Masks);
        if (how.Split('=') is [var key, var value])
            config[key] = JsonNode.Parse(value);
        else
            weights = Changed(how, weights);
        using var checkpoint = Checkpoint.Open(TinyGpt2.Write(place["gpt2"], config, weights));
        List<Problem> problems = [];
        Assert.Null(PublishedNetwork.Of(checkpoint, named: null, problems));
        Assert.Contains(problems, problem => problem.What.Contains(said, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(", length: 16", ", length: 17", "data.length is 17, and the network has learned 16 positions")]
    [InlineData("markov-47-", "markov-46-", "has 47 tokens, and the tokenizer symbols46 has 46")]
    [InlineData("\"bos_token_id\":0", "\"bos_token_id\":3", "texts end in token 3, and those of the tokenizer symbols47 in 0")]
    [InlineData("\" }\n", "\", as: mdlm }\n", "states that it is gpt2, and --as says mdlm")]
    [InlineData("\" }\n", "\", weights: ema }\n", "one set of weights")]
    public void A_definition_that_does_not_fit_is_refused(string from, string to, string said)
    {
        string yaml = ImportTests.Definition(TinyGpt2.Write(place["gpt2"]), TinyGpt2.Tokens)
            .Replace("-2-1 }", "-2-1, length: 16 }", StringComparison.Ordinal), config = place["gpt2", "config.json"];
        Assert.Empty(place.Read(yaml).Problems);
        File.WriteAllText(config, File.ReadAllText(config).Replace(from, to, StringComparison.Ordinal));
        Assert.Contains(place.Read(yaml.Replace(from, to, StringComparison.Ordinal)).Problems,
            problem => problem.What.Contains(said, StringComparison.Ordinal));
    }

    private static Weights Changed(string how, Weights weights) => how.Split(' ') switch
    {
        ["without", var name] => weights.Where(weight => weight.Name != name),
        ["with", var name] => weights.Append((name, [TinyGpt2.Width], new float[TinyGpt2.Width])),
        ["another", "head"] => weights.Append(TinyGpt2.Head with { Values = [.. TinyGpt2.Head.Values.Select(value => value + 1e-3f)] }),
        ["another", _] => weights.Select(weight => weight.Name == "h.1.attn.bias"
            ? weight with { Values = [.. weight.Values.Select(_ => 1f)] } : weight),
        _ => weights.Select(weight => weight.Name == "h.0.attn.c_attn.weight"
            ? weight with { Shape = [.. weight.Shape.Reverse()] } : weight),
    };

    private static PublishedNetwork Understood(Checkpoint checkpoint) => PublishedNetworkTests.Understood(checkpoint);

    private Gpt2 Scorer(ScalarType type)
    {
        Directory.CreateDirectory(place["scorer"]);
        using var file = SafetensorsFile.Open(TinySafetensors.Write(place["scorer", "model.safetensors"], TinyGpt2.Weights));
        List<Problem> problems = [];
        var shape = Gpt2Shape.Of(file, "scorer", problems);
        Assert.Empty(problems);
        return Gpt2.Load(file, shape!, type: type);
    }
}
