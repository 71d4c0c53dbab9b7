using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Bench.Attention;
using Bench.Backbone;

namespace Bench.Published;

/// <summary>
/// What the suite says of a network that it exports, under <c>bench</c> in config.json beside the public fields: all that makes the same
/// run of it again. Public fields alone do not say how a network is evaluated.
/// </summary>
/// <param name="Family">The family whose names its tensors have.</param>
/// <param name="Method">The method's name.</param>
/// <param name="Title">Its title.</param>
/// <param name="Components">Noise, schedule, hyperschedule, objective, view and sampler as JSON.</param>
/// <param name="Tokenizer">The name of its tokenizer.</param>
/// <param name="Length">L of its training.</param>
/// <param name="Shape">The network.</param>
/// <param name="View">How it is used.</param>
/// <param name="Noise">Process and schedule, for people.</param>
/// <param name="Hyperschedule">The hyperschedule, for people.</param>
/// <param name="Objective">The objective, for people.</param>
public sealed record ExportedNetwork(
    CheckpointFamily Family, string Method, string Title, string Components, string Tokenizer, int Length, DditShape Shape,
    BackboneView View, string Noise, string Hyperschedule, string Objective)
{
    private const string Section = "bench";

    private static readonly JsonSerializerOptions Named = new() { Converters = { new JsonStringEnumConverter() } };

    /// <summary>Whether a configuration has the section.</summary>
    internal static bool IsIn(CheckpointConfig config) => config.Text($"{Section}.components") is not null;

    /// <summary>Reads the section; null where it is damaged.</summary>
    internal static ExportedNetwork? Read(CheckpointConfig config)
    {
        try
        {
            var shape = JsonSerializer.Deserialize<DditShape>(Text("shape"), Named)!;
            var view = JsonSerializer.Deserialize<BackboneView>(Text("view"), Named)!;
            return new(
                CheckpointFamily.Find(Text("family")) ?? CheckpointFamily.Own, Text("method"), Text("title"), Text("components"),
                Text("tokenizer"), config.Integer($"{Section}.length") is > 0 and var length ? length : throw new FormatException(),
                shape, view, Text("noise"), Text("hyperschedule"), Text("objective"));
        }
        catch (Exception damaged) when (
            damaged is JsonException or ArgumentException or FormatException or NotSupportedException or InvalidOperationException)
        {
            return null;
        }

        string Text(string name) => config.Text($"{Section}.{name}") ?? throw new FormatException();
    }

    /// <summary>config.json: the public fields of the family, and the section.</summary>
    public JsonObject Config()
    {
        var config = Family.Public(this);
        config[Section] = new JsonObject
        {
            ["family"] = Family.Name, ["method"] = Method, ["title"] = Title, ["components"] = Components, ["tokenizer"] = Tokenizer,
            ["length"] = Length, ["shape"] = JsonSerializer.Serialize(Shape, Named), ["view"] = JsonSerializer.Serialize(View, Named),
            ["noise"] = Noise, ["hyperschedule"] = Hyperschedule, ["objective"] = Objective,
        };
        return config;
    }

    /// <summary>As MDLM, BD3-LM and Duo state it: fields of one level.</summary>
    internal JsonObject Flat(string type) => new()
    {
        ["model_type"] = type, ["vocab_size"] = Rows, ["model_length"] = Length, ["hidden_dim"] = Shape.Width,
        ["cond_dim"] = Shape.ConditionWidth, ["n_blocks"] = Shape.Blocks, ["n_heads"] = Shape.Heads, ["dropout"] = Shape.Dropout,
        ["return_dict"] = false, ["time_conditioning"] = View.IsNoiseConditioned,
    };

    /// <summary>As SEDD states it.</summary>
    internal JsonObject Sedd(string graph, bool scaledBySigma) => Nested(scaledBySigma, new()
    {
        ["tokens"] = Rows - (Family.HasMask ? 1 : 0),
        ["graph"] = new JsonObject { ["type"] = graph },
        ["noise"] = new JsonObject { ["type"] = "loglinear" },
    });

    /// <summary>As HDLM states it.</summary>
    internal JsonObject Hybrid(string type, bool scaledBySigma) => Nested(scaledBySigma, new()
    {
        ["model_type"] = type,
        ["tokenizer"] = new JsonObject { ["tokens"] = Rows - 1 },
        ["type"] = View.Shifted ? "shifted" : "aligned",
    });

    /// <summary>As GIDD states it.</summary>
    internal JsonObject Gidd() => new()
    {
        ["model_type"] = "dit", ["vocab_size"] = Rows, ["max_seq_len"] = Length, ["hidden_size"] = Shape.Width,
        ["timestep_cond_dim"] = Shape.ConditionWidth, ["num_hidden_layers"] = Shape.Blocks, ["num_attention_heads"] = Shape.Heads,
    };

    /// <summary>As BlockGen states it.</summary>
    internal JsonObject BlockGen() => new()
    {
        ["type"] = "block-dit", ["hidden_size"] = Shape.Width, ["cond_dim"] = Shape.ConditionWidth, ["length"] = Length,
        ["n_blocks"] = Shape.Blocks, ["n_heads"] = Shape.Heads, ["dropout"] = Shape.Dropout,
        ["x0_causal"] = View.Context == AttentionKind.Causal,
    };

    private JsonObject Nested(bool scaledBySigma, JsonObject config)
    {
        config["model"] = new JsonObject
        {
            ["hidden_size"] = Shape.Width, ["cond_dim"] = Shape.ConditionWidth, ["length"] = Length, ["n_blocks"] = Shape.Blocks,
            ["n_heads"] = Shape.Heads, ["dropout"] = Shape.Dropout, ["scale_by_sigma"] = scaledBySigma,
        };
        return config;
    }

    /// <summary>Rows of the token tables in the file: a family without mask has none for it.</summary>
    private int Rows => Family.HasMask ? Shape.TableRows : Shape.Vocabulary - 1;

    /// <summary>The tensors under their public names.</summary>
    public IEnumerable<(string Name, TorchSharp.torch.Tensor Tensor)> Tensors(Ddit network)
    {
        foreach (var (name, parameter) in network.named_parameters())
        {
            bool isTable = name is "vocab_embed.embedding" or "output_layer.linear.weight" or "output_layer.linear.bias";
            yield return (Family.Prefix + name, isTable ? parameter.narrow(0, 0, Rows) : parameter);
        }
    }
}

/// <summary>Fields more and less of a configuration.</summary>
internal static class ConfigFields
{
    /// <summary>The configuration with a field.</summary>
    public static JsonObject With(this JsonObject config, string name, JsonNode value)
    {
        config[name] = value;
        return config;
    }

    /// <summary>The configuration without one.</summary>
    public static JsonObject Without(this JsonObject config, string name)
    {
        config.Remove(name);
        return config;
    }
}
