using System.Collections.Immutable;
using Bench.Data.Safetensors;
using Bench.Results;
using static TorchSharp.torch;

namespace Bench.Published;

/// <summary>A tensor in a file. Type, shape and strides are checked when the file is opened; the elements are read on request.</summary>
public sealed class StoredTensor
{
    private const int MostDimensions = 16;

    private readonly string where;
    private readonly ImmutableArray<long> strides;
    private readonly long offset;
    private readonly long stored;
    private readonly bool isWhole;
    private readonly ReadStorage read;

    private StoredTensor(
        string where, ElementType type, ImmutableArray<long> shape, ImmutableArray<long> strides, long offset, long stored,
        ReadStorage read)
    {
        (this.where, Type, Shape) = (where, type, shape);
        (this.strides, this.offset, this.stored, this.read) = (strides, offset, stored, read);
        isWhole = stored > 0 && offset == 0 && stored == Count && strides.SequenceEqual(Contiguous(shape).Strides);
    }

    /// <summary>Fills a buffer with all bytes of a storage, little-endian.</summary>
    internal delegate void ReadStorage(Span<byte> into);

    /// <summary>Type of the elements.</summary>
    public ElementType Type { get; }

    /// <summary>Sizes.</summary>
    public ImmutableArray<long> Shape { get; }

    /// <summary>Number of elements.</summary>
    public long Count => Shape.Aggregate(1L, (count, size) => count * size);

    /// <summary>F32 [50258, 768].</summary>
    public override string ToString() => $"{Type.Name} [{string.Join(", ", Shape)}]";

    /// <summary>Reads the elements.</summary>
    /// <returns>A contiguous tensor of the stored type.</returns>
    /// <exception cref="SuiteException">The file is damaged or has changed, or the tensor has 2 GiB or more.</exception>
    public Tensor Read()
    {
        CheckSize();
        using var scope = NewDisposeScope();
        var storage = empty([stored], Type.Scalar);
        if (stored > 0)
            read(storage.bytes);
        return storage.as_strided([.. Shape], [.. strides], offset).contiguous().MoveToOuterDisposeScope();
    }

    /// <summary>Reads the elements to where they belong, without a second copy where they are stored as they are wanted.</summary>
    /// <param name="into">A tensor of the same shape.</param>
    /// <exception cref="SuiteException">As of <see cref="Read"/>; what the tensor holds is then undefined.</exception>
    public void ReadInto(Tensor into)
    {
        if (isWhole && into.dtype == Type.Scalar && into.device_type == TorchSharp.DeviceType.CPU && into.is_contiguous()
            && into.shape.AsSpan().SequenceEqual(Shape.AsSpan()))
        {
            CheckSize();
            read(into.bytes);
            return;
        }

        using var scope = NewDisposeScope();
        into.copy_(Read());
    }

    /// <summary>The transposed matrix; its elements stay where they are.</summary>
    /// <exception cref="InvalidOperationException">It is no matrix.</exception>
    internal StoredTensor Transposed() => Shape is [var rows, var columns]
        ? new(where, Type, [columns, rows], [strides[1], strides[0]], offset, stored, read)
        : throw new InvalidOperationException($"{this} is no matrix");

    /// <summary>A view of a storage, as torch defines it.</summary>
    /// <param name="where">File and record, for messages.</param>
    /// <param name="type">Type of the elements.</param>
    /// <param name="shape">Sizes.</param>
    /// <param name="strides">Steps between elements, as many as sizes.</param>
    /// <param name="offset">Index of the first element.</param>
    /// <param name="stored">Elements of the storage.</param>
    /// <param name="read">Reads the storage.</param>
    /// <exception cref="FormatException">The view does not lie within the storage.</exception>
    internal static StoredTensor View(
        string where, ElementType type, ImmutableArray<long> shape, ImmutableArray<long> strides, long offset, long stored,
        ReadStorage read)
    {
        string text = $"[{string.Join(", ", shape)}]";
        if (shape.Length > MostDimensions || shape.Length != strides.Length)
            throw new FormatException($"a tensor of {shape.Length} sizes and {strides.Length} strides");
        if (shape.Any(size => size < 0) || strides.Any(stride => stride < 0) || offset < 0)
            throw new FormatException(
                $"shape {text} with strides [{string.Join(", ", strides)}] and offset {offset}: none may be negative");
        try
        {
            long count = shape.Aggregate(1L, (product, size) => checked(product * size));
            long last = shape.Zip(strides).Aggregate(offset, (sum, axis) => checked(sum + ((axis.First - 1) * axis.Second)));
            // Strides of 0 repeat elements: a few stored bytes would become a tensor of any size.
            if (count > stored || (count > 0 ? last >= stored : offset > stored))
                throw new FormatException($"shape {text} from element {offset} on does not fit a storage of {stored} elements");
        }
        catch (OverflowException error)
        {
            throw new FormatException($"shape {text} is too large", error);
        }

        return new StoredTensor(where, type, shape, strides, offset, stored, read);
    }

    /// <summary>A contiguous tensor that is its whole storage.</summary>
    internal static StoredTensor Whole(string where, ElementType type, ImmutableArray<long> shape, ReadStorage read)
    {
        var (strides, count) = Contiguous(shape);
        return View(where, type, shape, strides, 0, count, read);
    }

    private static (ImmutableArray<long> Strides, long Count) Contiguous(ImmutableArray<long> shape)
    {
        long[] steps = new long[shape.Length];
        long count = 1;
        for (int i = shape.Length - 1; i >= 0; i--)
            (steps[i], count) = (count, checked(count * shape[i]));
        return ([.. steps], count);
    }

    private void CheckSize()
    {
        if (stored > int.MaxValue / Type.Bytes)
            throw new SuiteException($"{where}: a storage of {stored} elements is larger than 2 GiB", "Split it, as safetensors does.");
    }
}

/// <summary>The type of a stored tensor's elements.</summary>
/// <param name="Name">As safetensors writes it: F32, BF16, ...</param>
/// <param name="Scalar">As libtorch knows it.</param>
/// <param name="Storage">The class of storages that torch.save names.</param>
public sealed record ElementType(string Name, ScalarType Scalar, string Storage)
{
    /// <summary>All types that are read.</summary>
    public static ImmutableArray<ElementType> All { get; } =
    [
        new("F64", ScalarType.Float64, "DoubleStorage"),
        new("F32", ScalarType.Float32, "FloatStorage"),
        new("F16", ScalarType.Float16, "HalfStorage"),
        new("BF16", ScalarType.BFloat16, "BFloat16Storage"),
        new("I64", ScalarType.Int64, "LongStorage"),
        new("I32", ScalarType.Int32, "IntStorage"),
        new("I16", ScalarType.Int16, "ShortStorage"),
        new("I8", ScalarType.Int8, "CharStorage"),
        new("U8", ScalarType.Byte, "ByteStorage"),
        new("BOOL", ScalarType.Bool, "BoolStorage"),
    ];

    /// <summary>Bytes of one element.</summary>
    public int Bytes => SafetensorsHeader.ElementBytes[Name];

    /// <summary>Whether weights can be of this type.</summary>
    public bool IsReal => Name is "F64" or "F32" or "F16" or "BF16";
}
