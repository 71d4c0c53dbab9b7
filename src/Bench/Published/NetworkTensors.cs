using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using Bench.Backbone;
using static TorchSharp.torch;

namespace Bench.Published;

/// <summary>The tensors of a checkpoint by the names of <see cref="Ddit"/>'s parameters, and what can be read from their shapes.</summary>
internal sealed partial class NetworkTensors
{
    // By precedence. A compiled module has _orig_mod in every name; a distributed one has module.
    private static readonly string[] Prefixes = ["backbone._orig_mod.", "backbone.", "_orig_mod.", "module.", ""];

    private static readonly string[] Buffers = ["rotary_emb.inv_freq", "rotary_emb.cos_cached", "rotary_emb.sin_cached", "logit_bias"];

    private NetworkTensors(string prefix, ImmutableArray<KeyValuePair<string, StoredTensor>> all)
    {
        Own = [.. all.Where(entry => entry.Key.StartsWith(prefix, StringComparison.Ordinal))
            .Select(entry => KeyValuePair.Create(entry.Key[prefix.Length..], entry.Value))];
        Others = [.. all.Select(entry => entry.Key).Where(name => !name.StartsWith(prefix, StringComparison.Ordinal))];
        ByName = Own.ToImmutableDictionary(StringComparer.Ordinal);
    }

    /// <summary>Tensors of the network, in the order of the file, without prefix.</summary>
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

    /// <summary>Finds the prefix of a network's names.</summary>
    /// <returns>Null where no network of these families is there.</returns>
    public static NetworkTensors? Of(Checkpoint checkpoint)
    {
        string? prefix = Prefixes.FirstOrDefault(prefix => checkpoint.Tensors.Any(entry => entry.Key == $"{prefix}vocab_embed.embedding"));
        return prefix is null ? null : new NetworkTensors(prefix, checkpoint.Tensors);
    }

    /// <summary>Whether a tensor is not trained, but made from the configuration.</summary>
    public static bool IsBuffer(string name) => Buffers.Contains(name, StringComparer.Ordinal);

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
            if (!ByName.TryGetValue(name, out var stored))
                add($"lacks '{name}' [{string.Join(", ", sizes)}]", "Download it again; strict loading is the only one here.");
            else if (!stored.Shape.SequenceEqual(sizes) || !stored.Type.IsReal)
                add($"has '{name}' as {stored}, which should be real, [{string.Join(", ", sizes)}]",
                    "Networks of another layout are not read.");
        }

        foreach (var (name, _) in Own)
        {
            if (!known.Contains(name) && !IsBuffer(name))
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

        return Numbers("logit_bias") is { } bias && bias.Any(value => value != 0)
            ? "'logit_bias' is not 0, and it would be added to the logit of the present token" : null;
    }

    private double[]? Numbers(string name) => ByName.GetValueOrDefault(name) is { Type.IsReal: true } stored
        ? stored.Read().to(float64).data<double>().ToArray() : null;

    [GeneratedRegex(@"^blocks\.(?<number>[0-9]{1,4})\.", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Block();
}
