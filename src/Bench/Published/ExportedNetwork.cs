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

    /// <summary>The token that ends a text.</summary>
    public int EndOfText { get; init; }

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
        ["model_type"] = type, ["torch_dtype"] = "float32", ["vocab_size"] = Rows, ["model_length"] = Length, ["hidden_dim"] = Shape.Width,
        ["cond_dim"] = Shape.ConditionWidth, ["n_blocks"] = Shape.Blocks, ["n_heads"] = Shape.Heads, ["dropout"] = Shape.Dropout,
        ["return_dict"] = false, ["time_conditioning"] = View.IsNoiseConditioned,
    };

    /// <summary>The same for BD3-LM's class, which serves AR, too.</summary>
    /// <param name="inBlocks">Whether noisy tokens attend to clean ones, block by block.</param>
    internal JsonObject Bd3lm(bool inBlocks)
    {
        var config = Flat("bd3lm");
        config["causal"] = !inBlocks;
        config["adaln"] = inBlocks;
        config["cross_attn"] = inBlocks;
        config["attn_backend"] = "sdpa";
        config["block_size"] = inBlocks ? BlockWidth : 1;
        config["var_min"] = false; // the clip range would be two tensors of the file
        return config;
    }

    /// <summary>As Duo states it; σ is always given.</summary>
    internal JsonObject Duo()
    {
        var config = Flat("duo");
        config.Remove("time_conditioning");
        config["causal"] = false;
        config["var_min"] = false;
        return config;
    }

    /// <summary>As SEDD states it.</summary>
    internal JsonObject Sedd(string graph, bool scaledBySigma)
    {
        var noise = new JsonObject { ["type"] = "loglinear" };
        if (Kind("schedule") == "geometric")
            noise = new() { ["type"] = "geometric", ["sigma_min"] = Part("schedule", "least"), ["sigma_max"] = Part("schedule", "most") };
        return Nested(new()
        {
            ["tokens"] = Rows - (Family.HasMask ? 1 : 0),
            ["graph"] = new JsonObject { ["type"] = graph },
            ["noise"] = noise,
        }, "sedd", scaledBySigma);
    }

    /// <summary>As HDLM's ε-hybrid states it.</summary>
    internal JsonObject EpsilonHybrid() => Hybrid("epsilon", given: false, new()
    {
        ["training"] = new JsonObject
        {
            ["loss_type"] = "hybrid", ["epsilon"] = Part("noise", "epsilon"), ["lambda"] = Part("objective", "lambda") ?? 1,
        },
    });

    /// <summary>As HDLM's γ-hybrid states it.</summary>
    internal JsonObject GammaHybrid() => Hybrid("gamma", given: true, new()
    {
        ["graph"] = new JsonObject { ["type"] = "QGamma", ["gamma"] = Part("noise", "gamma"), ["expanded_sigma"] = true },
        ["noise"] = new JsonObject { ["type"] = "loglinear", ["expanded_sigma"] = true },
    });

    /// <summary>As GIDD states it. Noise times within t_eps of the ends are not trained.</summary>
    internal JsonObject Gidd() => new()
    {
        ["architectures"] = new JsonArray("DIT"), ["model_type"] = "dit", ["torch_dtype"] = "float32", ["vocab_size"] = Rows,
        ["max_seq_len"] = Length, ["hidden_size"] = Shape.Width, ["timestep_cond_dim"] = Shape.ConditionWidth,
        ["num_hidden_layers"] = Shape.Blocks, ["num_attention_heads"] = Shape.Heads, ["attention_dropout"] = 0.0,
        ["p_uniform"] = Part("noise", "uniform-share"), ["t_eps"] = 1e-4,
    };

    /// <summary>As Hugging Face states GPT-2.</summary>
    internal JsonObject Gpt2() => new()
    {
        ["architectures"] = new JsonArray("GPT2LMHeadModel"), ["model_type"] = "gpt2", ["torch_dtype"] = "float32", ["vocab_size"] = Rows,
        ["n_positions"] = Shape.LearnedPositions, ["n_ctx"] = Shape.LearnedPositions, ["n_embd"] = Shape.Width,
        ["n_layer"] = Shape.Blocks, ["n_head"] = Shape.Heads, ["activation_function"] = "gelu_new", ["layer_norm_epsilon"] = 1e-5,
        ["bos_token_id"] = EndOfText, ["eos_token_id"] = EndOfText, ["tie_word_embeddings"] = true,
    };

    /// <summary>Files beside the configuration: GIDD's is read with the number of its mask, which filled-up tables hide.</summary>
    public IEnumerable<(string Name, JsonObject Content)> Beside() =>
        Family.FillsRows ? [("added_tokens.json", new JsonObject { ["[MASK]"] = Shape.Vocabulary - 1 })] : [];

    /// <summary>As BlockGen states it.</summary>
    internal JsonObject BlockGen() => new()
    {
        ["name"] = Method, ["type"] = "block-dit", ["hidden_size"] = Shape.Width, ["cond_dim"] = Shape.ConditionWidth, ["length"] = Length,
        ["n_blocks"] = Shape.Blocks, ["n_heads"] = Shape.Heads, ["dropout"] = Shape.Dropout, ["attn_backend"] = "sdpa",
        ["x0_causal"] = View.Context == AttentionKind.Causal,
    };

    // Positions that are denoised together; the whole sequence along a flat hyperschedule.
    private int BlockWidth => (int?)Part("hyperschedule", "width") ?? Length;

    private JsonObject Hybrid(string family, bool given, JsonObject noise)
    {
        var config = Nested(noise, $"{family}_hdlm", scaledBySigma: given);
        var model = config["model"]!;
        model["transformer_sigma_conditioning"] = given;
        model["hybrid_sigma_embedding"] = Shape.EmbeddingMix is not null;
        model["post_process_logits"] = given;
        model["use_timestep_embedding"] = given;
        config["model_type"] = $"{family}_hybrid";
        config["type"] = View.Shifted ? "shifted" : "aligned";
        config["tokenizer"] = new JsonObject { ["tokens"] = Rows - 1 };
        config["annealing"] = new JsonObject
        {
            ["type"] = Kind("hyperschedule") switch
            {
                "flat" => "none",
                "released-slide" => "simple",
                "released-block-slide" => "hybrid",
                var other => other,
            },
            ["efficient"] = false, ["width"] = BlockWidth, ["tau"] = (int?)Part("hyperschedule", "depth") ?? BlockWidth,
            ["eval_tau"] = (int?)Part("hyperschedule", "depth") ?? BlockWidth, ["sampling_method"] = "SAR", ["sampling_eps"] = 1e-4,
            ["attention"] = new JsonObject
            {
                ["context_type"] = View.Context switch
                {
                    AttentionKind.Causal => "causal",
                    AttentionKind.Full => "full",
                    _ => "block_causal",
                },
                ["block_type"] = View.Block == AttentionKind.Causal ? "causal" : "full",
            },
            ["match_inference"] = true,
        };
        return config;
    }

    private JsonObject Nested(JsonObject config, string name, bool scaledBySigma)
    {
        config["model"] = new JsonObject
        {
            ["name"] = name, ["type"] = "ddit", ["hidden_size"] = Shape.Width, ["cond_dim"] = Shape.ConditionWidth,
            ["length"] = Length, ["n_blocks"] = Shape.Blocks, ["n_heads"] = Shape.Heads, ["dropout"] = Shape.Dropout,
            ["scale_by_sigma"] = scaledBySigma,
        };
        return config;
    }

    private string? Kind(string component) => (string?)JsonNode.Parse(Components)![component]?["kind"];

    // A number of a component; null where it has none.
    private double? Part(string component, string key) => (double?)JsonNode.Parse(Components)![component]?[key];

    /// <summary>Rows of the token tables in the file: a family without mask has none for it.</summary>
    private int Rows => Family.HasMask ? Shape.TableRows : Shape.Vocabulary - 1;

    /// <summary>The tensors under their public names.</summary>
    public IEnumerable<(string Name, TorchSharp.torch.Tensor Tensor)> Tensors(Ddit network)
    {
        foreach (var (name, parameter) in network.named_parameters())
        {
            bool isTable = name is "vocab_embed.embedding" or "output_layer.linear.weight" or "output_layer.linear.bias";
            yield return (Family.Prefix + Family.Tensors.InFile(name), isTable ? parameter.narrow(0, 0, Rows)
                : Family.Tensors.IsTransposed(name) ? parameter.t() : parameter);
        }
    }
}
