using System.Collections.Immutable;

namespace Bench.Data.Safetensors;

/// <summary>One tensor of a safetensors file.</summary>
/// <param name="Name">For example <c>h.0.attn.c_attn.weight</c>.</param>
/// <param name="Type">The element type as the file writes it: F32, F16, BF16, I64, ...</param>
/// <param name="Shape">Sizes, the last dimension contiguous.</param>
/// <param name="Start">Where its bytes start in the file.</param>
/// <param name="End">Where they end.</param>
public sealed record SafetensorsEntry(string Name, string Type, ImmutableArray<long> Shape, long Start, long End)
{
    /// <summary>How many elements it has.</summary>
    public long Count => Shape.Aggregate(1L, (count, size) => checked(count * size));

    /// <summary>Whether its elements are numbers that <see cref="SafetensorsFile.Read"/> gives: F32, F16 or BF16.</summary>
    public bool IsReal => Type is "F32" or "F16" or "BF16";
}
