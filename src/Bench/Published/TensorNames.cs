using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Bench.Backbone;

namespace Bench.Published;

/// <summary>
/// How published files call the parameters of a <see cref="Ddit"/>, and which tensors stand beside them that are not trained.
/// </summary>
internal sealed partial record TensorNames
{
    private const string Block = "blocks";

    /// <summary>The network's own names, as in MDLM's checkpoints.</summary>
    public static TensorNames Ddit { get; } = new()
    {
        Tokens = "vocab_embed.embedding",
        // A compiled module has _orig_mod in every name; a distributed one has module.
        Prefixes = ["backbone._orig_mod.", "backbone.", "_orig_mod.", "module.", ""],
        Buffers = RotaryBuffers(),
    };

    /// <summary>Those of GPT-2 (Radford et al. 2019), as Hugging Face stores it.</summary>
    public static TensorNames Gpt2 { get; } = new()
    {
        Tokens = "wte.weight",
        Prefixes = ["transformer.", ""],
        Buffers = CausalMasks(),
        Head = "lm_head.weight",
        Translated = new("h",
            [new("wte.weight", "vocab_embed.embedding"), new("wpe.weight", "position_embed.embedding"),
                new("ln_f.weight", "output_layer.norm_final.weight"), new("ln_f.bias", "output_layer.norm_final.bias")],
            [new("ln_1", "norm1"), new("attn.c_attn", "attn_qkv"), new("attn.c_proj", "attn_out"), new("ln_2", "norm2"),
                new("mlp.c_fc", "mlp.0"), new("mlp.c_proj", "mlp.2")]),
    };

    /// <summary>All of them.</summary>
    public static ImmutableArray<TensorNames> All { get; } = [Ddit, Gpt2];

    /// <summary>What the token table is called, without prefix: its presence shows whose names these are.</summary>
    public required string Tokens { get; init; }

    /// <summary>What may stand in front of every name, by precedence.</summary>
    public required ImmutableArray<string> Prefixes { get; init; }

    /// <summary>Matches the names, without prefix, of tensors that are made from the configuration.</summary>
    public required Regex Buffers { get; init; }

    /// <summary>A second copy of the token table, which files may hold, and whose name has no prefix; null for none.</summary>
    public string? Head { get; init; }

    private Translation? Translated { get; init; }

    /// <summary>The network's name of a tensor of a file; null for one that the network does not have.</summary>
    /// <param name="name">The name in the file, without prefix.</param>
    public string? Own(string name) => Translated is not { } words || Buffers.IsMatch(name) ? name
        : words.Of(name, words.Block, Block, pair => (pair.File, pair.Own));

    /// <summary>What the file calls a parameter of the network, without prefix.</summary>
    public string InFile(string own) => Translated?.Of(own, Block, Translated.Block, pair => (pair.Own, pair.File)) ?? own;

    /// <summary>Whether the file has it with rows and columns exchanged: GPT-2's linear maps are [in, out], not [out, in].</summary>
    public bool IsExchanged(string own) => Translated is not null && MapOfBlock().IsMatch(own);

    [GeneratedRegex(@"^(rotary_emb\.(inv_freq|cos_cached|sin_cached)|logit_bias)$",
        RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex RotaryBuffers();

    [GeneratedRegex(@"^h\.[0-9]{1,4}\.attn\.(bias|masked_bias)$", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex CausalMasks();

    [GeneratedRegex(@"\.(attn_qkv|attn_out|mlp\.[02])\.weight$", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex MapOfBlock();

    [GeneratedRegex(@"^(?<block>[a-z]+)\.(?<number>[0-9]{1,4})\.(?<layer>.+)\.(?<kind>weight|bias)$",
        RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex PartOfBlock();

    private sealed record Pair(string File, string Own);

    // Names of whole tensors, and of layers within a block.
    private sealed record Translation(string Block, ImmutableArray<Pair> Whole, ImmutableArray<Pair> Layers)
    {
        public string? Of(string name, string block, string toBlock, Func<Pair, (string From, string To)> direction)
        {
            if (Whole.Select(direction).FirstOrDefault(pair => pair.From == name) is { To: { } known })
                return known;
            var parts = PartOfBlock().Match(name).Groups;
            return parts["block"].Value == block
                && Layers.Select(direction).FirstOrDefault(pair => pair.From == parts["layer"].Value) is { To: { } found }
                ? $"{toBlock}.{parts["number"].Value}.{found}.{parts["kind"].Value}" : null;
        }
    }
}
