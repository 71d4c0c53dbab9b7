using System.Runtime.InteropServices;

namespace TorchSharp.Native;

internal enum Tag
{
    Default = 0,
    None = 1,
    Tensor = 2,
    Integer = 3,
    Real = 4,
    Bool = 5,
    Integers = 6,
    Tensors = 7,
    Text = 8,
    Device = 9,
    Reals = 10,
}

/// <summary>One boxed value on its way through the C interface; the layout of <c>BtValue</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct Value
{
    public Tag Tag;
    public int Count;
    public long Bits;

    public readonly double Real => BitConverter.Int64BitsToDouble(Bits);

    public readonly nint Handle => (nint)Bits;
}
