using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using Bench.Data.Safetensors;
using Bench.Results;

namespace Bench.Pretrained;

/// <summary>The size of a GPT-2, which the shapes of its weights give.</summary>
/// <param name="Prefix">What stands before every name in the file: nothing, or <c>transformer.</c></param>
/// <param name="TokenCount">V.</param>
/// <param name="Positions">Learned positions: the longest context.</param>
/// <param name="Width">D.</param>
/// <param name="Layers">How many blocks.</param>
/// <param name="OwnHead">
/// Whether the file holds an output layer, <see cref="Head"/>; else it is the embedding. Files of tied networks may hold it twice.
/// </param>
public sealed partial record Gpt2Shape(string Prefix, int TokenCount, int Positions, int Width, int Layers, bool OwnHead = false)
{
    /// <summary>The output layer, whose name has no prefix.</summary>
    public const string Head = "lm_head.weight";

    /// <summary>Of a head, in every published GPT-2.</summary>
    public const int HeadWidth = 64;

    private const string ModelPrefix = "transformer.";
    private const string Fix =
        "Name the model.safetensors of a GPT-2: gpt2, distilgpt2, gpt2-medium, -large or -xl, or one trained further.";

    /// <summary>How many heads.</summary>
    public int Heads => Width / HeadWidth;

    /// <summary>
    /// What the network reads from the file, by name without prefix. Linear maps are [in, out], as GPT-2's Conv1D has them.
    /// </summary>
    public ImmutableArray<(string Name, ImmutableArray<long> Shape)> Weights =>
    [
        ("wte.weight", [TokenCount, Width]),
        ("wpe.weight", [Positions, Width]),
        .. Enumerable.Range(0, Layers).SelectMany(Block),
        ("ln_f.weight", [Width]),
        ("ln_f.bias", [Width]),
        .. OwnHead ? [(Head, [TokenCount, Width])] : ImmutableArray<(string, ImmutableArray<long>)>.Empty,
    ];

    /// <summary>What the file calls one of <see cref="Weights"/>.</summary>
    public string InFile(string name) => name == Head ? name : Prefix + name;

    /// <summary>The size of the GPT-2 in a file.</summary>
    /// <param name="file">The weights.</param>
    /// <param name="where">Where the user named the file.</param>
    /// <param name="problems">Conditioned about every weight that is missing or of another shape or type.</param>
    /// <returns>Null where there are problems.</returns>
    public static Gpt2Shape? Of(SafetensorsFile file, string where, ICollection<Problem> problems)
    {
        string prefix = file.Tensors.ContainsKey($"{ModelPrefix}wte.weight") ? ModelPrefix : "";
        int before = problems.Count;
        var embedding = Matrix("wte.weight");
        var positions = Matrix("wpe.weight");
        int layers = file.Tensors.Keys.Select(name => BlockNumber().Match(name))
            .Where(match => match.Success && match.Groups["prefix"].Value == prefix)
            .Select(match => int.Parse(match.Groups["number"].Value, CultureInfo.InvariantCulture) + 1)
            .DefaultIfEmpty(0).Max();
        if (layers == 0)
            Report("holds no block of a GPT-2: no tensor 'h.0.ln_1.weight'");
        if (embedding is [_, var width] && width % HeadWidth != 0)
            Report($"has 'wte.weight' of width {width}, but a GPT-2 has heads of {HeadWidth}");
        if (embedding is null || positions is null || problems.Count > before)
            return null;
        var shape = new Gpt2Shape(prefix, checked((int)embedding[0]), checked((int)positions[0]), checked((int)embedding[1]), layers,
            file.Tensors.ContainsKey(Head));
        foreach (var (name, sizes) in shape.Weights)
        {
            if (!file.Tensors.TryGetValue(shape.InFile(name), out var entry))
                Report($"lacks '{name}' [{string.Join(", ", sizes)}]");
            else if (!entry.Shape.SequenceEqual(sizes) || !entry.IsReal)
                Report(
                    $"has '{name}' as {entry.Type} [{string.Join(", ", entry.Shape)}], which should be F32, F16 or BF16 "
                        + $"[{string.Join(", ", sizes)}]");
        }
        return problems.Count > before ? null : shape;

        long[]? Matrix(string name)
        {
            if (file.Tensors.TryGetValue(prefix + name, out var entry) && entry.Shape.Length == 2 && entry.Shape.All(size => size > 0))
                return [.. entry.Shape];
            Report(entry is null ? $"lacks '{name}'" : $"has '{name}' as [{string.Join(", ", entry.Shape)}], which should be a matrix");
            return null;
        }

        void Report(string what) => problems.Add(new(where, $"{file.Path} {what}", Fix));
    }

    private IEnumerable<(string Name, ImmutableArray<long> Shape)> Block(int i) =>
    [
        ($"h.{i}.ln_1.weight", [Width]),
        ($"h.{i}.ln_1.bias", [Width]),
        ($"h.{i}.attn.c_attn.weight", [Width, 3 * Width]),
        ($"h.{i}.attn.c_attn.bias", [3 * Width]),
        ($"h.{i}.attn.c_proj.weight", [Width, Width]),
        ($"h.{i}.attn.c_proj.bias", [Width]),
        ($"h.{i}.ln_2.weight", [Width]),
        ($"h.{i}.ln_2.bias", [Width]),
        ($"h.{i}.mlp.c_fc.weight", [Width, 4 * Width]),
        ($"h.{i}.mlp.c_fc.bias", [4 * Width]),
        ($"h.{i}.mlp.c_proj.weight", [4 * Width, Width]),
        ($"h.{i}.mlp.c_proj.bias", [Width]),
    ];

    // Five digits: a number that no int holds is no block of a GPT-2.
    [GeneratedRegex(@"^(?<prefix>(transformer\.)?)h\.(?<number>[0-9]{1,5})\.",
        RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex BlockNumber();
}
