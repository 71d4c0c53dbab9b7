using TorchSharp.Native;

namespace TorchSharp;

/// <summary>A number that an operator combines with a tensor without changing the tensor's type.</summary>
/// <remarks>TorchSharp's is a class with a native handle; a value is enough here. The conversions are the same.</remarks>
public readonly struct Scalar
{
    private readonly long bits;
    private readonly Tag tag;

    private Scalar(Tag tag, long bits)
    {
        this.tag = tag;
        this.bits = bits;
    }

    public static implicit operator Scalar(int value) => new(Tag.Integer, value);

    public static implicit operator Scalar(long value) => new(Tag.Integer, value);

    public static implicit operator Scalar(float value) => new(Tag.Real, BitConverter.DoubleToInt64Bits(value));

    public static implicit operator Scalar(double value) => new(Tag.Real, BitConverter.DoubleToInt64Bits(value));

    public static implicit operator Scalar(bool value) => new(Tag.Bool, value ? 1 : 0);

    internal Argument Boxed() => tag switch
    {
        Tag.Real => BitConverter.Int64BitsToDouble(bits),
        Tag.Bool => bits != 0,
        _ => bits,
    };
}
