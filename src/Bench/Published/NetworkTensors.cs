using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using Bench.Backbone;
using static TorchSharp.torch;

namespace Bench.Published;

/// <summary>The tensors of a checkpoint by the names of <see cref="Ddit"/>'s parameters, and what can be read from their shapes.</summary>
internal sealed partial class NetworkTensors
{
    private readonly ImmutableArray<string> strange; // within the network's prefix, and none of its names

    private NetworkTensors(TensorNames names, string prefix, ImmutableArray<KeyValuePair<string, StoredTensor>> all)
    {
        Names = names;
        var parts = all.ToLookup(entry => entry.Key.StartsWith(prefix, StringComparison.Ordinal) || entry.Key == names.Head);
        var within = parts[true].Select(entry => (entry.Key, Own: entry.Key == names.Head ? names.Head
            : names.Own(entry.Key[prefix.Length..]), entry.Value)).ToList();
        Own = [.. within.Where(entry => entry.Own is not null).Select(entry => KeyValuePair.Create(
            entry.Own!, names.IsTransposed(entry.Own!) && entry.Value.Shape.Length == 2 ? entry.Value.Transposed() : entry.Value))];
        strange = [.. within.Where(entry => entry.Own is null).Select(entry => entry.Key)];
        Others = [.. parts[false].Select(entry => entry.Key)];
        ByName = Own.ToImmutableDictionary(StringComparer.Ordinal);
    }

    /// <summary>What the file calls them.</summary>
    public TensorNames Names { get; }

    /// <summary>Tensors of the network by its own names and laid out as there, in the order of the file.</summary>
    public ImmutableArray<KeyValuePair<string, StoredTensor>> Own { get; }

    /// <summary>The same by name.</summary>
    public ImmutableDictionary<string, StoredTensor> ByName { get; }

    /// <summary>Full names of tensors that lie outside the network's prefix.</summary>
    public ImmutableArray<string> Others { get; }

    /// <summary>Tensors that are trained, in the order of the file.</summary>
    public IEnumerable<KeyValuePair<string, StoredTensor>> Parameters => Own.Where(entry => !IsBuffer(entry.Key));

    /// <summary>Numbers of the blocks that there are.</summary>
    public ImmutableSortedSet<int> Blocks => [.. Own.Select(entry => Block().Match(entry.Key)).Where(match => match.Success)
        .Select(match => int.Parse(match.Groups["number"].Value, CultureInfo.InvariantCulture))];

    /// <summary>Finds whose names a network has, and their prefix.</summary>
    /// <returns>Null where no network of these families is there.</returns>
    public static NetworkTensors? Of(Checkpoint checkpoint)
    {
        var found = (from names in TensorNames.All
                     from prefix in names.Prefixes
                     where checkpoint.Tensors.Any(entry => entry.Key == prefix + names.Tokens)
                     select (Names: names, Prefix: prefix)).FirstOrDefault();
        return found.Names is null ? null : new NetworkTensors(found.Names, found.Prefix, checkpoint.Tensors);
    }

    /// <summary>Whether a tensor is not trained, but made from the configuration or a copy of another.</summary>
    public bool IsBuffer(string name) => Names.Buffers.IsMatch(name) || name == Names.Head;

    /// <summary>Size i of a tensor; null where there is no such tensor or size.</summary>
    public long? Size(string name, int i) => ByName.GetValueOrDefault(name)?.Shape is { } shape && i < shape.Length ? shape[i] : null;

    /// <summary>Whether there are the parameters of a network, all of them and nothing else.</summary>
    /// <param name="family">The family.</param>
    /// <param name="shape">The network.</param>
    /// <param name="rows">Rows of its token tables in the file.</param>
    /// <param name="add">Takes what is wrong, and what to do.</param>
    public void Check(CheckpointFamily family, DditShape shape, long rows, Action<string, string> add)
    {
        HashSet<string> known = new(StringComparer.Ordinal);
        foreach (var (name, sizes) in new DditTensors(shape, rows).All)
        {
            known.Add(name);
            string shown = $"[{string.Join(", ", Names.IsTransposed(name) ? sizes.Reverse() : sizes)}]";
            if (!ByName.TryGetValue(name, out var stored))
                add($"lacks '{Names.InFile(name)}' {shown}", "Download it again; strict loading is the only one here.");
            else if (!stored.Shape.SequenceEqual(sizes) || !stored.Type.IsReal)
                add($"has '{Names.InFile(name)}' as {InFile(name)}, which should be real, {shown}",
                    "Networks of another layout are not read.");
        }

        foreach (string name in Own.Select(entry => entry.Key).Where(name => !known.Contains(name) && !IsBuffer(name))
            .Select(Names.InFile).Concat(strange))
        {
            add($"has '{name}', which {family.Title} does not have", "A network that needs it would compute something else here.");
        }

        foreach (string name in Others)
        {
            bool isExpected = name is "sampling_eps_min" or "sampling_eps_max" || name.StartsWith("noise.", StringComparison.Ordinal)
                || (family.KeepsTeacher && name.StartsWith("teacher.", StringComparison.Ordinal));
            if (!isExpected)
                add($"has '{name}' outside its network, which is not known", "A network that needs it would compute something else here.");
        }
    }

    /// <summary>Dimensions of a head, of which the rotary buffers are the only trace; null without such a buffer.</summary>
    public long? HeadWidth() => Size("rotary_emb.inv_freq", 0) * 2 ?? Size("rotary_emb.cos_cached", 4);

    /// <summary>What is wrong with the buffers: other positions than the network here computes; null where they are the same.</summary>
    public string? WrongBuffer()
    {
        using var scope = NewDisposeScope();
        if (Numbers("rotary_emb.inv_freq") is { } frequencies)
        {
            for (int i = 0; i < frequencies.Length; i++)
            {
                double expected = Math.Pow(10_000, -(double)i / frequencies.Length);
                if (!(Math.Abs(frequencies[i] - expected) <= (expected * 0.01) + 1e-6))
                    return $"'rotary_emb.inv_freq' has {frequencies[i]:G4} at {i}, and base 10000 gives {expected:G4}";
            }
        }

        foreach (var (name, function) in new[] { ("rotary_emb.cos_cached", (Func<double, double>)Math.Cos),
            ("rotary_emb.sin_cached", Math.Sin) })
        {
            if (ByName.GetValueOrDefault(name) is not { } stored)
                continue;
            if (stored.Shape is not [1, var length, 3, 1, var width])
                return $"'{name}' is {stored}, which should be [1, positions, 3, 1, head width]";
            double[] table = Numbers(name)!;
            for (long at = 0; at < length * width; at++)
            {
                long position = at / width, i = at % width % (width / 2);
                double expected = function(position * Math.Pow(10_000, -2.0 * i / width));
                double found = table[(position * 3 * width) + (at % width)]; // of queries; keys have the same, values are not rotated
                if (!(Math.Abs(found - expected) <= 0.01))
                    return $"'{name}' has {found:G4} at position {position}, dimension {at % width}, and base 10000 gives {expected:G4}";
            }
        }

        if (Numbers("logit_bias") is { } bias && bias.Any(value => value != 0))
            return "'logit_bias' is not 0, and it would be added to the logit of the present token";
        return Own.Select(entry => WrongMask(entry.Key, entry.Value) ?? WrongHead(entry.Key, entry.Value))
            .FirstOrDefault(wrong => wrong is not null);
    }

    // GPT-2's causal mask, 1 where a query may attend.
    private static string? WrongMask(string name, StoredTensor stored)
    {
        if (!TensorNames.Gpt2.Buffers.IsMatch(name) || !name.EndsWith(".bias", StringComparison.Ordinal))
            return null;
        using var scope = NewDisposeScope();
        return stored.Shape is [1, 1, var queries, var keys] && queries == keys
            && stored.Read().to(ScalarType.Bool).equal(ones([queries, keys], ScalarType.Bool, CPU).tril()).all().item<bool>()
            ? null : $"'{name}' {stored} is no causal mask";
    }

    private string? WrongHead(string name, StoredTensor stored)
    {
        if (name != Names.Head)
            return null;
        using var scope = NewDisposeScope();
        var table = ByName["vocab_embed.embedding"];
        return stored.Shape.SequenceEqual(table.Shape) && stored.Type == table.Type && stored.Read().equal(table.Read()).all().item<bool>()
            ? null : $"'{name}' {stored} is no copy of '{Names.Tokens}'";
    }

    // As the file has it.
    private StoredTensor InFile(string name) =>
        Names.IsTransposed(name) && ByName[name].Shape.Length == 2 ? ByName[name].Transposed() : ByName[name];

    private double[]? Numbers(string name) => ByName.GetValueOrDefault(name) is { Type.IsReal: true } stored
        ? stored.Read().to(float64).data<double>().ToArray() : null;

    [GeneratedRegex(@"^blocks\.(?<number>[0-9]{1,4})\.", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Block();
}

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

    /// <summary>Whether the file has it transposed: GPT-2's linear maps are [in, out], not [out, in].</summary>
    public bool IsTransposed(string own) => Translated is not null && MapOfBlock().IsMatch(own);

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
