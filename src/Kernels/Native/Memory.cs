using static TorchSharp.torch;

namespace Bench.Kernels.Native;

/// <summary>Tensors as kernels take them: checked, and by the address of their numbers.</summary>
/// <remarks>
/// An address keeps nothing alive: code that takes one holds the tensor until the kernel has returned (<see cref="GC.KeepAlive"/>).
/// </remarks>
internal static unsafe class Memory
{
    /// <summary>The kernels' number of an element type.</summary>
    public static int Code(ScalarType type) => type == ScalarType.BFloat16 ? 1 : 0;

    /// <summary>Address of float32 or bfloat16 numbers; null for no tensor.</summary>
    /// <exception cref="ArgumentException">Another type, another device, or numbers that do not lie after one another.</exception>
    public static void* Any(Tensor? tensor, ScalarType type, string name)
    {
        if (tensor is null)
            return null;
        if (tensor.dtype != type || type is not (ScalarType.Float32 or ScalarType.BFloat16))
            throw new ArgumentException(
                $"{name} is {tensor.dtype}; a kernel that works in {type} takes float32 or bfloat16 of its own type", nameof(tensor));
        return Address(tensor, name);
    }

    /// <summary>Address of float32 numbers; null for no tensor.</summary>
    /// <exception cref="ArgumentException">As for <see cref="Any"/>.</exception>
    public static float* Floats(Tensor? tensor, string name) => (float*)Any(tensor, ScalarType.Float32, name);

    /// <summary>Address of int64 numbers; null for no tensor.</summary>
    /// <exception cref="ArgumentException">As for <see cref="Any"/>.</exception>
    public static long* Integers(Tensor? tensor, string name)
    {
        if (tensor is null)
            return null;
        if (tensor.dtype != ScalarType.Int64)
            throw new ArgumentException($"{name} is {tensor.dtype}; a kernel takes int64", nameof(tensor));
        return (long*)Address(tensor, name);
    }

    /// <summary>How many rows a tensor has, which are its last dimension.</summary>
    /// <exception cref="ArgumentException">They are empty.</exception>
    public static (long Rows, long Width) Rows(Tensor tensor, string name)
    {
        long width = tensor.dim() == 0 ? 0 : tensor.size(-1);
        return width > 0 ? (tensor.numel() / width, width)
            : throw new ArgumentException($"{name} is {Shape(tensor)}; a kernel works on rows that have something in them", nameof(tensor));
    }

    /// <summary>Refuses what does not fit.</summary>
    /// <exception cref="ArgumentException">It does not.</exception>
    public static void Require(bool fits, string what, Tensor? one, Tensor? other)
    {
        if (!fits)
            throw new ArgumentException($"{what}; here are {Shape(one)} and {Shape(other)}", nameof(fits));
    }

    private static string Shape(Tensor? tensor) => tensor is null ? "none" : $"[{string.Join(", ", tensor.shape)}]";

    private static void* Address(Tensor tensor, string name)
    {
        if (tensor.device_type != TorchSharp.DeviceType.CPU || !tensor.is_contiguous())
            throw new ArgumentException(
                $"{name} is {Shape(tensor)} on {tensor.device}, {(tensor.is_contiguous() ? "" : "not ")}contiguous; a kernel works on " +
                    "contiguous tensors on the CPU", nameof(tensor));
        // The handle of a disposed tensor says so itself.
        if (Library.aoti_torch_get_data_ptr(tensor.Handle, out void* data) != 0)
            throw new ArgumentException($"{name} has no memory of its own", nameof(tensor));
        return data;
    }
}
