using System.Runtime.InteropServices;
using Bench.Kernels;
using static TorchSharp.torch;

namespace Bench.Tests.Backbone;

/// <summary>
/// The meta device, on which tensors have shapes and no numbers: a network that runs there reads nothing back and makes no tensor
/// elsewhere. libtorch's own meta kernels of a few operators are written in Python; these stand for them, by libtorch's C interface.
/// </summary>
internal static unsafe class MetaKernels
{
    private static readonly nint Library = Register();
    private static readonly List<string> Found = [];

    /// <summary>The meta device.</summary>
    public static Device Device
    {
        get
        {
            GC.KeepAlive(Library);
            return new Device("meta");
        }
    }

    /// <summary>What a piece of work gave these operators from other devices.</summary>
    public static string[] Strays(Action work)
    {
        _ = Device;
        lock (Found)
        {
            Found.Clear();
            work();
            return [.. Found];
        }
    }

    private static nint Export(string name) =>
        NativeLibrary.GetExport(NativeLibrary.Load(Path.Combine(Engine.Location!, "libtorch_cpu.so")), name);

    private static nint Register()
    {
        Engine.Load();
        nint library;
        Span<byte> space = "aten\0"u8.ToArray(), key = "Meta\0"u8.ToArray(), file = "MetaKernels.cs\0"u8.ToArray();
        fixed (byte* aten = space, meta = key, from = file)
            Check(((delegate* unmanaged<byte*, byte*, byte*, uint, nint*, int>)Export("aoti_torch_library_init_impl"))(aten, meta, from, 1,
                &library));
        Put(library, "index_select", &IndexSelect);
        Put(library, "where.self", &Where);
        Put(library, "where.self_out", &WhereOut);
        Put(library, "native_layer_norm", &LayerNorm);
        return library;
    }

    private static void Put(nint library, string name, delegate* unmanaged<ulong*, ulong, ulong, void> kernel)
    {
        nint text = Marshal.StringToCoTaskMemUTF8(name); // libtorch keeps no copy
        Check(((delegate* unmanaged<nint, nint, delegate* unmanaged<ulong*, ulong, ulong, void>, int>)Export("aoti_torch_library_impl"))(
            library, text, kernel));
    }

    [UnmanagedCallersOnly]
    private static void IndexSelect(ulong* stack, ulong inputs, ulong outputs)
    {
        nint x = (nint)stack[0], index = (nint)stack[2];
        long[] shape = Shape(x);
        shape[(int)(((long)stack[1] + shape.Length) % shape.Length)] = Shape(index)[0];
        stack[0] = (ulong)Empty(x, shape, "index_select", x, index);
    }

    [UnmanagedCallersOnly]
    private static void Where(ulong* stack, ulong inputs, ulong outputs)
    {
        nint condition = (nint)stack[0], one = (nint)stack[1], other = (nint)stack[2];
        long[] shape = Broadcast(Broadcast(Shape(condition), Shape(one)), Shape(other));
        stack[0] = (ulong)Empty(one, shape, "where", condition, one, other);
    }

    [UnmanagedCallersOnly]
    private static void WhereOut(ulong* stack, ulong inputs, ulong outputs) => stack[0] = stack[3];

    [UnmanagedCallersOnly]
    private static void LayerNorm(ulong* stack, ulong inputs, ulong outputs)
    {
        nint x = (nint)stack[0], weight = stack[2] == 0 ? x : (nint)(*(ulong*)stack[2]); // an optional is the address of its value
        long[] shape = Shape(x), statistics = [.. shape[..^1], 1];
        var (y, mean, deviation) = (Empty(x, shape, "layer_norm", x, weight), Empty(x, statistics, "layer_norm", x), Empty(x, statistics,
            "layer_norm", x));
        (stack[0], stack[1], stack[2]) = ((ulong)y, (ulong)mean, (ulong)deviation);
    }

    private static long[] Broadcast(long[] one, long[] other)
    {
        int length = Math.Max(one.Length, other.Length);
        return [.. Enumerable.Range(0, length).Select(i => Math.Max(At(one, i), At(other, i)))];

        long At(long[] shape, int i) => i - length + shape.Length is >= 0 and var place ? shape[place] : 1;
    }

    private static long[] Shape(nint tensor)
    {
        long dimensions, size;
        Check(((delegate* unmanaged<nint, long*, int>)Export("aoti_torch_get_dim"))(tensor, &dimensions));
        var shape = new long[dimensions];
        for (long i = 0; i < dimensions; i++)
        {
            Check(((delegate* unmanaged<nint, long, long*, int>)Export("aoti_torch_get_size"))(tensor, i, &size));
            shape[i] = size;
        }

        return shape;
    }

    private static nint Empty(nint like, long[] shape, string name, params ReadOnlySpan<nint> inputs)
    {
        int type, device, meta = ((delegate* unmanaged<int>)Export("aoti_torch_device_type_meta"))();
        foreach (nint input in inputs)
        {
            Check(((delegate* unmanaged<nint, int*, int>)Export("aoti_torch_get_device_type"))(input, &device));
            if (device != meta)
                Found.Add($"{name} was given [{string.Join(", ", Shape(input))}] of device type {device}");
        }

        Check(((delegate* unmanaged<nint, int*, int>)Export("aoti_torch_get_dtype"))(like, &type));
        var strides = new long[shape.Length];
        for (int i = shape.Length - 1; i >= 0; i--)
            strides[i] = i == shape.Length - 1 ? 1 : strides[i + 1] * Math.Max(1, shape[i + 1]);
        nint made;
        fixed (long* sizes = shape, steps = strides)
            Check(((delegate* unmanaged<long, long*, long*, int, int, int, nint*, int>)Export("aoti_torch_empty_strided"))(
                shape.Length, sizes, steps, type, meta, 0, &made));
        return made;
    }

    private static void Check(int failed)
    {
        if (failed != 0)
            Environment.FailFast("libtorch refused a call of its C interface"); // an exception would end the process without a word
    }
}
