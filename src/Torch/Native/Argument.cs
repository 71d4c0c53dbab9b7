using System.Text;

namespace TorchSharp.Native;

/// <summary>An argument of an operator. Everything that an operator takes converts to it, so that a call reads like the operator's schema.</summary>
internal readonly struct Argument
{
    private Argument(Tag tag, long bits = 0, int count = 0, object? reference = null)
    {
        Tag = tag;
        Bits = bits;
        Count = count;
        Reference = reference;
    }

    /// <summary>Take what the operator's schema has as its default.</summary>
    public static Argument Default => default;

    public static Argument None => new(Tag.None);

    public Tag Tag { get; }

    public long Bits { get; }

    public int Count { get; }

    public object? Reference { get; }

    public static implicit operator Argument(torch.Tensor? tensor) =>
        tensor is null ? None : new(Tag.Tensor, tensor.Handle, reference: tensor);

    public static implicit operator Argument(long value) => new(Tag.Integer, value);

    public static implicit operator Argument(long? value) => value is { } given ? given : None;

    public static implicit operator Argument(bool value) => new(Tag.Bool, value ? 1 : 0);

    public static implicit operator Argument(double value) => new(Tag.Real, BitConverter.DoubleToInt64Bits(value));

    public static implicit operator Argument(Scalar value) => value.Boxed();

    public static implicit operator Argument(Scalar? value) => value is { } given ? given.Boxed() : None;

    public static implicit operator Argument(torch.ScalarType? dtype) => dtype is { } given ? (long)given : None;

    public static implicit operator Argument(torch.Device? device) =>
        device is null ? None : new(Tag.Device, (long)device.type, device.index);

    public static implicit operator Argument(long[] values) => new(Tag.Integers, count: values.Length, reference: values);

    public static implicit operator Argument(double[] values) => new(Tag.Reals, count: values.Length, reference: values);

    public static implicit operator Argument(torch.Tensor[] tensors) => new(Tag.Tensors, count: tensors.Length, reference: tensors);

    public static implicit operator Argument(string text) => new(Tag.Text, reference: text);

    /// <summary>Bytes that the argument's elements take where libtorch reads them.</summary>
    public int ElementBytes => Tag switch
    {
        Tag.Integers or Tag.Reals or Tag.Tensors => Count * sizeof(long),
        Tag.Text => Encoding.UTF8.GetByteCount((string)Reference!),
        _ => 0,
    };

    /// <summary>How the argument is named in an error: shape and type of a tensor, the value of anything else.</summary>
    public string Describe() => Tag switch
    {
        Tag.Default => "default",
        Tag.None => "none",
        Tag.Tensor => ((torch.Tensor)Reference!).Describe(),
        Tag.Integer => $"{Bits}",
        Tag.Real => $"{BitConverter.Int64BitsToDouble(Bits)}",
        Tag.Bool => Bits != 0 ? "true" : "false",
        Tag.Integers => $"[{string.Join(", ", (long[])Reference!)}]",
        Tag.Reals => $"[{string.Join(", ", (double[])Reference!)}]",
        Tag.Tensors => $"[{string.Join(", ", ((torch.Tensor?[])Reference!).Select(tensor => tensor?.Describe() ?? "none"))}]",
        Tag.Text => $"'{Reference}'",
        Tag.Device => $"device {Bits}:{Count}",
        _ => Tag.ToString(),
    };
}
