using TorchSharp;
using static TorchSharp.torch;

namespace Bench.Kernels;

/// <summary>Tensors on their way between the host and the device that a network is on; on the CPU there is nothing to do.</summary>
public static class DeviceTransfer
{
    /// <summary>
    /// A tensor that was just made on the host, on a device. To CUDA it goes from pinned memory, so that the host does not wait for what
    /// the device still has to do.
    /// </summary>
    /// <param name="made">On the CPU, and changed by no caller afterwards.</param>
    /// <param name="device">Where it is wanted.</param>
    /// <returns>The tensor itself where it is there already.</returns>
    public static Tensor On(this Tensor made, Device device)
    {
        if (device.type == DeviceType.CPU)
            return made;
        using var scope = NewDisposeScope();
        return (device.type == DeviceType.CUDA ? made.pin_memory().to(device, non_blocking: true) : made.to(device))
            .MoveToOuterDisposeScope();
    }

    /// <summary>A tensor's numbers on the host, for reading; the host waits for them.</summary>
    /// <returns>The tensor itself where it is on the CPU.</returns>
    public static Tensor OnHost(this Tensor tensor) => tensor.device_type == DeviceType.CPU ? tensor : tensor.cpu();
}

/// <summary>Random numbers that a device draws itself; as those of <c>RandomStream</c>, a number depends on its address alone.</summary>
/// <remarks>
/// The finalizer of SplitMix64 (Steele, Lea and Flood, 2014) over key and address, in int64 arithmetic, which wraps around. It serves where
/// the host would have to draw a number for each activation, as dropout does; its numbers are not those of the host's Philox.
/// </remarks>
public static class DeviceDraws
{
    // As signed numbers: what a tensor of int64 holds.
    private const long Golden = unchecked((long)0x9E3779B97F4A7C15), First = unchecked((long)0xBF58476D1CE4E5B9),
        Second = unchecked((long)0x94D049BB133111EB);

    private const int Kept = 24; // bits: what a float32 holds exactly

    /// <summary>Numbers in [0, 1), 2⁻²⁴ apart.</summary>
    /// <param name="key">Which stream.</param>
    /// <param name="first">The address of the first number; the others follow.</param>
    /// <param name="shape">How many.</param>
    /// <param name="device">Where they are wanted.</param>
    /// <returns>float32.</returns>
    public static Tensor Uniform(ulong key, long first, long[] shape, Device device)
    {
        using var scope = NewDisposeScope();
        long count = shape.Aggregate(1L, (product, size) => product * size);
        var z = arange(first, first + count, 1, int64, device).mul_(Golden).add_(unchecked((long)key));
        z = Mixed(Mixed(z, 30).mul_(First), 27).mul_(Second);
        return Shifted(Mixed(z, 31), 64 - Kept).to(float32).mul_(1.0 / (1 << Kept)).view(shape).MoveToOuterDisposeScope();
    }

    private static Tensor Mixed(Tensor z, int bits) => z.bitwise_xor(Shifted(z, bits));

    // A logical shift: the sign's copies that an arithmetic one brings in are masked out.
    private static Tensor Shifted(Tensor z, int bits)
    {
        using var scope = NewDisposeScope();
        var shift = full([1], bits, int64, z.device);
        return z.bitwise_right_shift(shift).bitwise_and(full([1], (1L << (64 - bits)) - 1, int64, z.device)).MoveToOuterDisposeScope();
    }
}
