using System.Runtime.InteropServices;

namespace TorchSharp.Native;

/// <summary>The C interface of <c>libbench_torch.so</c>.</summary>
internal static unsafe partial class Library
{
    internal const string Name = "bench_torch";

    [LibraryImport(Name)] internal static partial byte* bt_error();

    [LibraryImport(Name, StringMarshalling = StringMarshalling.Utf8)] internal static partial int bt_operator(string name, string overload, out nint handle);

    [LibraryImport(Name)] internal static partial int bt_call(nint op, Value* values, int count, Value* results, int capacity, int* produced);

    [LibraryImport(Name)] internal static partial void bt_take(Value* results);

    [LibraryImport(Name)] internal static partial void bt_free(nint tensor);

    [LibraryImport(Name)] internal static partial int bt_from_bytes(void* data, long bytes, int dtype, long* sizes, int dimensions, out nint tensor);

    [LibraryImport(Name), SuppressGCTransition] internal static partial int bt_dim(nint tensor);

    [LibraryImport(Name), SuppressGCTransition] internal static partial void bt_shape(nint tensor, long* sizes);

    [LibraryImport(Name), SuppressGCTransition] internal static partial long bt_numel(nint tensor);

    [LibraryImport(Name), SuppressGCTransition] internal static partial int bt_dtype(nint tensor);

    [LibraryImport(Name), SuppressGCTransition] internal static partial void bt_device(nint tensor, out int type, out int index);

    [LibraryImport(Name), SuppressGCTransition] internal static partial int bt_is_contiguous(nint tensor);

    [LibraryImport(Name)] internal static partial int bt_set_data(nint tensor, nint contents);

    [LibraryImport(Name)] internal static partial int bt_data(nint tensor, out nint data);

    [LibraryImport(Name)] internal static partial int bt_backward(nint root, nint gradient, int retain, int create);

    [LibraryImport(Name)]
    internal static partial int bt_gradients(
        nint* outputs, int outputCount, nint* inputs, int inputCount, nint* seeds, int seedCount, int retain, int create, int allowUnused, nint* results);

    [LibraryImport(Name)] internal static partial int bt_grad(nint tensor, out nint gradient);

    [LibraryImport(Name)] internal static partial int bt_set_grad(nint tensor, nint gradient);

    [LibraryImport(Name)] internal static partial int bt_requires_grad(nint tensor);

    [LibraryImport(Name)] internal static partial int bt_set_requires_grad(nint tensor, int value);

    [LibraryImport(Name)] internal static partial int bt_is_leaf(nint tensor);

    [LibraryImport(Name)] internal static partial int bt_grad_mode(int enabled);

    [LibraryImport(Name)] internal static partial int bt_grad_enabled();

    [LibraryImport(Name)] internal static partial nint bt_inference_begin(int enabled);

    [LibraryImport(Name)] internal static partial void bt_inference_end(nint guard);

    [LibraryImport(Name)] internal static partial int bt_inference_enabled();

    [LibraryImport(Name)] internal static partial byte* bt_kernel_set();

    [LibraryImport(Name, StringMarshalling = StringMarshalling.Utf8)] internal static partial int bt_choose_kernel_set(string name);

    [LibraryImport(Name)] internal static partial int bt_calls_onednn();

    [LibraryImport(Name)] internal static partial byte* bt_torch_version();

    [LibraryImport(Name)] internal static partial byte* bt_torch_config();

    [LibraryImport(Name)] internal static partial int bt_get_threads();

    [LibraryImport(Name)] internal static partial int bt_set_threads(int threads);

    [LibraryImport(Name)] internal static partial int bt_cuda_devices(out int count);

    [LibraryImport(Name)] internal static partial int bt_has_fast_bf16();

    [LibraryImport(Name)] internal static partial long bt_heap_bytes();

    [LibraryImport(Name)] internal static partial int bt_squared_norm(nint tensor, out double result);

    [LibraryImport(Name)] internal static partial int bt_adamw(nint weight, nint gradient, nint first, nint second, nint average, float* settings);

    [LibraryImport(Name)] internal static partial int bt_profile_start();

    [LibraryImport(Name)] internal static partial int bt_profile_stop(out int count);

    [LibraryImport(Name)] internal static partial int bt_profile_entry(int index, byte** name, out int backward, out long calls, out long selfNanoseconds);

    internal static string Text(byte* utf8) => Marshal.PtrToStringUTF8((nint)utf8) ?? "";

    /// <summary>Throws what libtorch said, when a call of the C interface failed.</summary>
    internal static void Check(int status)
    {
        if (status != 0)
            throw new TorchException(Text(bt_error()));
    }
}
