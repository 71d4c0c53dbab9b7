using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Bench.Attention;
using Bench.Methods;
using Bench.Noise;
using Bench.Noise.Schedules;
using Bench.Sampling.Samplers;

namespace Bench.Published;

/// <summary>
/// A family of published networks: what the files of all its members have in common and do not say. Families share names and shapes, so
/// that a family is found from the configuration, from the folder's name or from what the user says, never from shapes.
/// </summary>
/// <param name="Name">As --as takes it.</param>
/// <param name="Row">The row of the table of methods that it is measured and sampled as.</param>
/// <param name="Title">As the papers call it.</param>
/// <param name="Objective">The loss it was trained with.</param>
/// <param name="HasMask">Whether the last row of the vocabulary is a mask token.</param>
/// <param name="Conditioning">What the network is given of the noise level; where the configuration says time_conditioning, that.</param>
public sealed record CheckpointFamily(
    string Name, string Row, string Title, string Objective, bool HasMask, Conditioning Conditioning)
{
    private const string Backbone = "backbone.";

    /// <summary>All of them.</summary>
    public static ImmutableArray<CheckpointFamily> All { get; } =
    [
        new("ar", "ar", "AR", "next-token cross-entropy", HasMask: true, Conditioning.Absent)
        {
            IsAutoregressive = true, Note = "the first token of a sequence is given, not predicted", Prefix = Backbone, TakesOwn = true,
            // It has no class of its own: BD3-LM's serves it.
            Public = export => export.Bd3lm(inBlocks: false),
        },
        new("mdlm", "mdlm", "MDLM", "masked NELBO (SUBS)", HasMask: true, Conditioning.Constant)
        {
            StatesConditioning = true, Prefix = Backbone, TakesOwn = true,
        },
        new("sedd", "sedd-absorb", "SEDD absorb", "score entropy", HasMask: true, Conditioning.Sigma)
        {
            StatesConditioning = true, MayBeGeometric = true, Public = export => export.Sedd("absorb", scaledBySigma: true),
        },
        new("sedd-uniform", "sedd-uniform", "SEDD uniform", "score entropy", HasMask: false, Conditioning.Sigma)
        {
            MayBeGeometric = true, Process = _ => new Uniform(), Public = export => export.Sedd("uniform", scaledBySigma: false),
        },
        new("bd3lm", "bd3lm", "BD3-LM", "masked NELBO per block (SUBS)", HasMask: true, Conditioning.Constant)
        {
            StatesConditioning = true, StatesBlocks = true, End = 0, Prefix = Backbone, TakesOwn = true,
            Public = export => export.Bd3lm(inBlocks: true),
        },
        new("hdlm-epsilon", "epsilon", "HDLM, epsilon-hybrid", "weighted cross-entropy", HasMask: true, Conditioning.Absent)
        {
            End = 0, Process = config => new EpsilonHybrid(config.Number("training.epsilon") ?? 0),
            Note = "in training tokens are masked with probability (1 - e)t + e, e = 1e-4", TakesOwn = true,
            Trained = (method, network, length) => method with
            {
                Loss = ObjectiveChoice.HybridCrossEntropy(
                    network.Lambda, perVisible: true, continuous: HasLimit(network.Path!, length)),
            },
            Public = export => export.EpsilonHybrid(),
        },
        new("hdlm-gamma", "gamma", "HDLM, gamma-hybrid", "score entropy as released", HasMask: true, Conditioning.Sigma)
        {
            End = 5e-3, MixesEmbeddings = true, Process = config => new GammaHybrid(config.Number("graph.gamma") ?? 0),
            Trained = (method, _, _) => method with
            {
                Loss = ObjectiveChoice.ReleasedScoreEntropy(scaledBySigma: true), Sampler = new Analytic(ScaledBySigma: true),
            },
            Public = export => export.GammaHybrid(),
        },
        new("gidd", "gidd", "GIDD", "GIDD loss, dynamic weights", HasMask: true, Conditioning.Time)
        {
            FillsRows = true, End = 0, Process = config => new Gidd(config.Number("p_uniform", "model.p_uniform") ?? 0), TakesOwn = true,
            Public = export => export.Gidd(),
        },
        new("duo", "udlm", "Duo", "NELBO of uniform noise (UDLM)", HasMask: false, Conditioning.Sigma)
        {
            KeepsTeacher = true, Process = _ => new Uniform(), Prefix = Backbone,
            Public = export => export.Duo(),
        },
        new("blockgen-absorb", "bd3lm", "BlockGen, absorb", "masked NELBO per block (SUBS)", HasMask: true, Conditioning.Constant)
        {
            LeavesBlocksOpen = true, Public = export => export.BlockGen(),
        },
        new("blockgen-uniform", "udlm", "BlockGen, uniform", "NELBO of uniform noise per block", HasMask: false, Conditioning.Constant)
        {
            LeavesBlocksOpen = true, Process = _ => new Uniform(), Public = export => export.BlockGen(),
        },
        new("gpt2", "ar", "GPT-2", "next-token cross-entropy", HasMask: false, Conditioning.Absent)
        {
            IsAutoregressive = true, LearnsPositions = true, Tensors = TensorNames.Gpt2, Prefix = "transformer.",
            Note = "the first token of a sequence is predicted from the end of text in front of it",
            Public = export => export.Gpt2(),
        },
    ];

    /// <summary>Networks of the suite that are of no published family, as it exports them.</summary>
    public static CheckpointFamily Own { get; } = new("bench", "", "Bench", "", HasMask: true, Conditioning.Absent);

    /// <summary>What the names of its tensors start with.</summary>
    internal string Prefix { get; private init; } = "";

    /// <summary>Whether the suite's own networks of its row are exported under its names.</summary>
    public bool TakesOwn { get; private init; }

    /// <summary>The row's method as members were trained: row, network, length of the sequences.</summary>
    internal Func<NetworkMethod, PublishedNetwork, int, NetworkMethod> Trained { get; private init; } = (method, _, _) => method;

    /// <summary>The configuration of an export as the published code of the family names it.</summary>
    internal Func<ExportedNetwork, JsonObject> Public { get; private init; } = export => export.Flat(export.Family.Name);

    /// <summary>What its files call the parameters.</summary>
    internal TensorNames Tensors { get; private init; } = TensorNames.Ddit;

    /// <summary>
    /// Whether it is in the form of GPT-2, of which every text begins behind the token that ends one: that stands where the suite's
    /// sequences have a mask in front.
    /// </summary>
    public bool LearnsPositions { get; private init; }

    /// <summary>What protocols say of the first token of its sequences; empty where nothing is to be said.</summary>
    public string Remark => LearnsPositions ? "; the first token predicted from the end of text in front of it" : "";

    /// <summary>Whether it goes token by token, shifted and causal.</summary>
    internal bool IsAutoregressive { get; init; }

    /// <summary>Whether the configuration can say time_conditioning.</summary>
    internal bool StatesConditioning { get; init; }

    /// <summary>Whether the configuration states the size of its blocks.</summary>
    internal bool StatesBlocks { get; init; }

    /// <summary>Whether it goes block by block, and nothing states the size of its blocks.</summary>
    internal bool LeavesBlocksOpen { get; init; }

    /// <summary>Whether its token tables may be filled up to a multiple of 128 rows, over which its own code takes the softmax.</summary>
    internal bool FillsRows { get; init; }

    /// <summary>Whether embeddings of masked tokens are mixed by the noise level, and the head is not modulated.</summary>
    internal bool MixesEmbeddings { get; init; }

    /// <summary>Whether a teacher's weights may lie beside its own.</summary>
    internal bool KeepsTeacher { get; init; }

    /// <summary>What is to be said of every member; null for nothing.</summary>
    internal string? Note { get; init; }

    private bool MayBeGeometric { get; init; }

    // ε of the log-linear schedule: σ at time 1 − ε is finite; BD3-LM and GIDD have no such end.
    private double End { get; init; } = 1e-3;

    private Func<CheckpointConfig, INoiseProcess> Process { get; init; } = _ => new Absorbing();

    /// <summary>The names, for messages.</summary>
    public static string Names => string.Join(", ", All.Select(family => family.Name));

    /// <summary>The family of that name, or null.</summary>
    public static CheckpointFamily? Find(string? name) => All.FirstOrDefault(family => family.Name == name);

    /// <summary>The family that a configuration and the folder's name state; null where they leave it open.</summary>
    /// <param name="config">The configuration.</param>
    /// <param name="file">The file of the weights, whose folder BlockGen names after the family.</param>
    /// <param name="unknown">What the configuration states, where that is no family of these.</param>
    internal static CheckpointFamily? Of(CheckpointConfig config, string file, out string? unknown)
    {
        var (name, stated) = Stated(config, file);
        unknown = name is null ? stated : null;
        return Find(name);
    }

    /// <summary>Noise and schedule of a member.</summary>
    /// <returns>Null where the configuration names a schedule that is not supported.</returns>
    internal (INoiseProcess Process, INoiseSchedule Schedule)? Noise(CheckpointConfig config)
    {
        INoiseSchedule? schedule = config.Text("noise.type") switch
        {
            null or "loglinear" or "log-linear" => new LogLinear(End),
            "geometric" when MayBeGeometric =>
                new Geometric(config.Number("noise.sigma_min") ?? 1e-4, config.Number("noise.sigma_max") ?? 20),
            _ => null,
        };
        return schedule is null ? null : (Process(config), schedule);
    }

    /// <summary>Aligned or shifted, attention and conditioning of a member.</summary>
    internal BackboneView View(CheckpointConfig config, Conditioning conditioning)
    {
        bool causal = IsAutoregressive;
        bool shifted = causal || config.Text("type") == "shifted";
        var context = config.Text("annealing.attention.context_type") switch
        {
            "causal" => AttentionKind.Causal,
            "full" => AttentionKind.Full,
            _ => config.Truth("x0_causal") == true ? AttentionKind.Causal : AttentionKind.BlockCausal,
        };
        var block = causal || config.Text("annealing.attention.block_type") == "causal" ? AttentionKind.Causal : AttentionKind.Full;
        return new BackboneView(shifted, block, conditioning, context);
    }

    /// <summary>The hyperschedule of a member, as its configuration names it.</summary>
    internal string Hyperschedule(CheckpointConfig config, int? block)
    {
        if (IsAutoregressive)
            return "autoregressive";
        if (block is not null)
            return $"block, width {block}";
        if (LeavesBlocksOpen)
            return "block, of a width that the file does not state";
        string? kind = config.Text("annealing.type") switch { "block" => "block", "simple" => "slide", "hybrid" => "block-slide",
            _ => null };
        return kind is null ? "flat" : $"{kind}, width {config.Text("annealing.width")}, depth {config.Text("annealing.tau")}";
    }

    /// <summary>The same as a component; null where it is not known on how many positions.</summary>
    internal HyperscheduleChoice? Path(CheckpointConfig config, int? block, int? length)
    {
        if (IsAutoregressive)
            return HyperscheduleChoice.Autoregressive();
        if (block is not null || LeavesBlocksOpen || StatesBlocks)
            return block is { } size ? HyperscheduleChoice.Block(size) : null;
        int? width = config.Integer("annealing.width"), depth = config.Integer("annealing.tau");
        // A window as wide as the sequence is HDLM's way to write a flat hyperschedule.
        bool isFlat = config.Text("annealing.type") is not ("block" or "simple" or "hybrid") || width >= length;
        return isFlat ? HyperscheduleChoice.Flat() : (config.Text("annealing.type"), width, depth) switch
        {
            ("block", { } w, _) => HyperscheduleChoice.Block(w),
            ("simple", { } w, { } d) => HyperscheduleChoice.ReleasedSlide(w, d),
            ("hybrid", { } w, { } d) => HyperscheduleChoice.ReleasedBlockSlide(w, d),
            _ => null,
        };
    }

    private static bool HasLimit(HyperscheduleChoice path, int length)
    {
        try
        {
            return path.Of(length, length).HasContinuousLimit;
        }
        catch (ArgumentException)
        {
            return true; // what is wrong with it is said where the method is used
        }
    }

    private static (string? Name, string? Stated) Stated(CheckpointConfig config, string file)
    {
        if (config.Text("model_type") is { } type)
        {
            return (type switch
            {
                "mdlm" or "duo" or "gpt2" => type,
                "dit" => "gidd",
                "epsilon_hybrid" => "hdlm-epsilon",
                "gamma_hybrid" => "hdlm-gamma",
                "bd3lm" => Bd3lm(config),
                _ => null,
            }, type == "bd3lm" ? null : $"model_type {type}");
        }

        // Files of BD3-LM and Duo keep MDLM's keys of the top level beside those under algo, which count.
        if (config.Text("algo.name") is { } algorithm)
            return (algorithm is "duo_base" ? "duo" : algorithm is "mdlm" or "ar" or "bd3lm" or "sedd" or "duo" ? algorithm : null,
                $"algo.name {algorithm}");
        if (config.Text("parameterization") is { } output)
            return (output switch { "subs" => "mdlm", "sedd" or "ar" => output, _ => null }, $"parameterization {output}");
        if (config.Text("graph.type") is { } graph)
            return (graph switch { "absorb" => "sedd", "uniform" => "sedd-uniform", _ => null }, $"graph.type {graph}");
        if (config.Text("model.diffusion_process") is { } process)
            return (process == "gidd" ? process : null, $"model.diffusion_process {process}");
        // BlockGen: the configuration is that of the network alone.
        string folder = System.IO.Path.GetFileName(System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(file))) ?? "";
        return config.Text("type") is not ("dit" or "block-dit") ? (null, null)
            : (folder switch { "ar" or "mdlm" or "duo" => folder, "absorb" or "uniform" => $"blockgen-{folder}", _ => null }, null);
    }

    // Its class serves AR and MDLM, too; MDLM and SEDD then differ in nothing but the name that they were uploaded under.
    private static string? Bd3lm(CheckpointConfig config)
    {
        if (config.Truth("causal") == true)
            return "ar";
        if (config.Truth("cross_attn") != false)
            return "bd3lm";
        string name = config.Text("_name_or_path") ?? "";
        return name.Contains("mdlm", StringComparison.Ordinal) ? "mdlm" : name.Contains("sedd", StringComparison.Ordinal) ? "sedd" : null;
    }
}
