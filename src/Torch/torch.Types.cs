namespace TorchSharp;

/// <summary>Where a tensor's memory is; the numbers are libtorch's.</summary>
public enum DeviceType
{
    CPU = 0,
    CUDA = 1,
}

/// <summary>A source-compatible subset of TorchSharp's <c>torch</c>, on the libtorch that is installed.</summary>
public static partial class torch
{
    public static readonly ScalarType uint8 = ScalarType.Byte;
    public static readonly ScalarType int32 = ScalarType.Int32;
    public static readonly ScalarType int64 = ScalarType.Int64;
    public static readonly ScalarType float32 = ScalarType.Float32;
    public static readonly ScalarType float64 = ScalarType.Float64;
    public static readonly ScalarType bfloat16 = ScalarType.BFloat16;
    public static readonly ScalarType @bool = ScalarType.Bool;

    public static Device CPU { get; } = new(DeviceType.CPU);

    public static Device CUDA { get; } = new(DeviceType.CUDA, 0);

    /// <summary>The element type of a tensor; the numbers are libtorch's.</summary>
    public enum ScalarType : sbyte
    {
        Byte = 0,
        Int8 = 1,
        Int16 = 2,
        Int32 = 3,
        Int64 = 4,
        Float16 = 5,
        Float32 = 6,
        Float64 = 7,
        Bool = 11,
        BFloat16 = 15,
    }

    /// <summary>A processor or an accelerator.</summary>
    public sealed class Device(DeviceType type, int index = -1)
    {
        public DeviceType type { get; } = type;

        public int index { get; } = index;

        public override string ToString() => index < 0 ? type.ToString().ToLowerInvariant() : $"{type.ToString().ToLowerInvariant()}:{index}";
    }
}
