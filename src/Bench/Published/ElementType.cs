using System.Collections.Immutable;
using Bench.Data.Safetensors;
using TorchSharp;

namespace Bench.Published;

/// <summary>The type of a stored tensor's elements.</summary>
/// <param name="Name">As safetensors writes it: F32, BF16, ...</param>
/// <param name="Scalar">As libtorch knows it.</param>
/// <param name="Storage">The class of storages that torch.save names.</param>
public sealed record ElementType(string Name, torch.ScalarType Scalar, string Storage)
{
    /// <summary>All types that are read.</summary>
    public static ImmutableArray<ElementType> All { get; } =
    [
        new("F64", torch.ScalarType.Float64, "DoubleStorage"),
        new("F32", torch.ScalarType.Float32, "FloatStorage"),
        new("F16", torch.ScalarType.Float16, "HalfStorage"),
        new("BF16", torch.ScalarType.BFloat16, "BFloat16Storage"),
        new("I64", torch.ScalarType.Int64, "LongStorage"),
        new("I32", torch.ScalarType.Int32, "IntStorage"),
        new("I16", torch.ScalarType.Int16, "ShortStorage"),
        new("I8", torch.ScalarType.Int8, "CharStorage"),
        new("U8", torch.ScalarType.Byte, "ByteStorage"),
        new("BOOL", torch.ScalarType.Bool, "BoolStorage"),
    ];

    /// <summary>Bytes of one element.</summary>
    public int Bytes => SafetensorsHeader.ElementBytes[Name];

    /// <summary>Whether weights can be of this type.</summary>
    public bool IsReal => Name is "F64" or "F32" or "F16" or "BF16";
}
