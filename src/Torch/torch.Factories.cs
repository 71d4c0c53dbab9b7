using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    public static Tensor zeros(long[] size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Operator.Tensor("zeros", size, dtype, Argument.Default, device).requires_grad_(requires_grad);

    public static Tensor zeros(long size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) => zeros([size], dtype, device, requires_grad);

    public static Tensor zeros(long rows, long columns, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        zeros([rows, columns], dtype, device, requires_grad);

    public static Tensor zeros_like(Tensor input, ScalarType? dtype = null, Device? device = null) => Operator.Tensor("zeros_like", input, dtype, Argument.Default, device);

    public static Tensor ones(long[] size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Operator.Tensor("ones", size, dtype, Argument.Default, device).requires_grad_(requires_grad);

    public static Tensor ones(long size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) => ones([size], dtype, device, requires_grad);

    public static Tensor ones(long rows, long columns, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        ones([rows, columns], dtype, device, requires_grad);

    public static Tensor ones_like(Tensor input, ScalarType? dtype = null, Device? device = null) => Operator.Tensor("ones_like", input, dtype, Argument.Default, device);

    public static Tensor empty(long[] size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Operator.Tensor("empty.memory_format", size, dtype, Argument.Default, device).requires_grad_(requires_grad);

    public static Tensor full(long[] size, Scalar value, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Operator.Tensor("full", size, value, dtype, Argument.Default, device).requires_grad_(requires_grad);

    public static Tensor arange(Scalar start, Scalar stop, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Operator.Tensor("arange.start", start, stop, dtype, Argument.Default, device).requires_grad_(requires_grad);

    public static Tensor arange(Scalar stop, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Operator.Tensor("arange", stop, dtype, Argument.Default, device).requires_grad_(requires_grad);

    public static Tensor tensor(float scalar, Device? device = null, bool requires_grad = false) => From([scalar], [], ScalarType.Float32, null, device, requires_grad);

    public static Tensor tensor(double scalar, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        From([scalar], [], ScalarType.Float64, dtype, device, requires_grad);

    public static Tensor tensor(long scalar, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        From([scalar], [], ScalarType.Int64, dtype, device, requires_grad);

    public static Tensor tensor(float[] rawArray, ReadOnlySpan<long> dimensions, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        From<float>(rawArray, dimensions, ScalarType.Float32, dtype, device, requires_grad);

    public static Tensor tensor(double[] rawArray, ReadOnlySpan<long> dimensions, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        From<double>(rawArray, dimensions, ScalarType.Float64, dtype, device, requires_grad);

    public static Tensor tensor(long[] dataArray, ReadOnlySpan<long> dimensions, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        From<long>(dataArray, dimensions, ScalarType.Int64, dtype, device, requires_grad);

    public static Tensor tensor(bool[] rawArray, ReadOnlySpan<long> dimensions, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        From<bool>(rawArray, dimensions, ScalarType.Bool, dtype, device, requires_grad);

    public static Tensor tensor(float[] rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        tensor(rawArray, [rawArray.Length], dtype, device, requires_grad);

    public static Tensor tensor(double[] rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        tensor(rawArray, [rawArray.Length], dtype, device, requires_grad);

    public static Tensor tensor(long[] dataArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        tensor(dataArray, [dataArray.Length], dtype, device, requires_grad);

    public static Tensor tensor(bool[] rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        tensor(rawArray, [rawArray.Length], dtype, device, requires_grad);

    // The array is copied: a tensor's memory is libtorch's, and no managed object has to stay pinned for it.
    private static unsafe Tensor From<T>(ReadOnlySpan<T> elements, ReadOnlySpan<long> sizes, ScalarType type, ScalarType? wanted, Device? device, bool requires_grad)
        where T : unmanaged
    {
        Engine.Load();
        nint handle;
        fixed (T* e = elements)
        fixed (long* s = sizes)
            Library.Check(Library.bt_from_bytes(e, (long)elements.Length * sizeof(T), (int)type, s, sizes.Length, out handle));
        var made = Tensor.Own(handle);
        if (wanted is { } dtype && dtype != type)
            made = made.to_type(dtype, disposeAfter: true);
        if (device is not null && device.type != DeviceType.CPU)
            made = made.to(device, disposeAfter: true);
        return made.requires_grad_(requires_grad);
    }
}
