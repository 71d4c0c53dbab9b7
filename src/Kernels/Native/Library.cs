using System.Runtime.InteropServices;

namespace Bench.Kernels.Native;

/// <summary>
/// The C interface of <c>libbench_kernels.so</c> (bench_kernels.h); it is there where a C++ compiler was when the suite was built.
/// </summary>
internal static unsafe partial class Library
{
    private const string Kernels = "bench_kernels", LibTorch = "torch_cpu";

    private static readonly Lazy<bool> Found = new(TryLoad);

    /// <summary>Whether the kernels were built, and libtorch lends them its threads.</summary>
    public static bool IsLoaded => Found.Value;

    [LibraryImport(Kernels)] internal static partial byte* bench_instruction_set();

    [LibraryImport(Kernels, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial byte* bench_choose_instruction_set(string name);

    [LibraryImport(Kernels)] internal static partial byte* bench_normalise(in NormaliseCall call);

    [LibraryImport(Kernels)] internal static partial byte* bench_normalise_back(in NormaliseCall call);

    [LibraryImport(Kernels)] internal static partial byte* bench_gelu(in GeluCall call);

    [LibraryImport(Kernels)] internal static partial byte* bench_gelu_back(in GeluCall call);

    [LibraryImport(Kernels)] internal static partial byte* bench_attention(in AttentionCall call);

    [LibraryImport(Kernels)] internal static partial byte* bench_attention_back(in AttentionCall call);

    [LibraryImport(Kernels)] internal static partial byte* bench_attention_with_cache(in AttentionWithCacheCall call);

    [LibraryImport(Kernels)] internal static partial byte* bench_block_with_cache(in BlockWithCacheCall call);

    [LibraryImport(Kernels)]
    internal static partial byte* bench_linear(
        float* x, float* weight, float* bias, float* y, long rows, long inner, long outer);

    [LibraryImport(Kernels)] internal static partial byte* bench_cross_entropy(in CrossEntropyCall call);

    [LibraryImport(Kernels)] internal static partial byte* bench_cross_entropy_back(in CrossEntropyCall call);

    [LibraryImport(Kernels)]
    internal static partial byte* bench_squared_norm(long parameters, long* sizes, float** gradients, out double result);

    [LibraryImport(Kernels)] internal static partial byte* bench_adamw(in AdamWCall call);

    // Of libtorch's stable C interface (torch/csrc/inductor/aoti_torch/c/shim.h).
    [LibraryImport(LibTorch)] internal static partial int aoti_torch_get_data_ptr(nint tensor, out void* data);

    /// <summary>Throws what a kernel said is wrong.</summary>
    internal static void Check(byte* problem)
    {
        if (problem is not null)
            throw new ArgumentException(Marshal.PtrToStringUTF8((nint)problem), nameof(problem));
    }

    [LibraryImport(Kernels)] private static partial void bench_use_threads(nint parallelFor);

    private static bool TryLoad()
    {
        Engine.Load();
        if (!NativeLibrary.TryLoad(Path.Combine(AppContext.BaseDirectory, $"lib{Kernels}.so"), out nint kernels)
            || !NativeLibrary.TryLoad(Path.Combine(Engine.Location ?? AppContext.BaseDirectory, $"lib{LibTorch}.so"), out nint libtorch)
            || !NativeLibrary.TryGetExport(libtorch, "torch_parallel_for", out nint parallelFor))
            return false;
        NativeLibrary.SetDllImportResolver(
            typeof(Library).Assembly, (name, _, _) => name switch { Kernels => kernels, LibTorch => libtorch, _ => 0 });
        bench_use_threads(parallelFor);
        return true;
    }
}

/// <summary>The layout of <c>bench::AdamWCall</c> in bench_kernels.h, which says what the fields are.</summary>
internal unsafe struct AdamWCall
{
    public long Parameters;
    public long* Sizes;
    public float** Weights;
    public float** Gradients;
    public float** Firsts;
    public float** Seconds;
    public float** Averages;
    public float* Decays;
    public float Scale;
    public float LearningRate;
    public float Beta1;
    public float Beta2;
    public float Epsilon;
    public float Correction1;
    public float Correction2;
    public float Ema;
}

/// <summary>The layout of <c>bench::AttentionWithCacheCall</c> in bench_kernels.h, which says what the fields are.</summary>
internal unsafe struct AttentionWithCacheCall
{
    public int Type;
    public int Reserved;
    public long Batch;
    public long Length;
    public long Heads;
    public long Width;
    public void* Qkv;
    public float* Cosines;
    public float* Sines;
    public float* Mask;
    public float* Keys;
    public float* Values;
    public long Positions;
    public long Kept;
    public long* Chosen;
    public void* Out;
}

/// <summary>The layout of <c>bench::AttentionCall</c> in bench_kernels.h, which says what the fields are.</summary>
internal unsafe struct AttentionCall
{
    public int Type;
    public int Reserved;
    public long Batch;
    public long Length;
    public long Heads;
    public long Width;
    public void* Qkv;
    public float* Cosines;
    public float* Sines;
    public long Angles;
    public float* Mask;
    public long Masks;
    public void* Out;
    public float* Norms;
    public void* Gout;
    public void* Gqkv;
}

/// <summary>The layout of <c>bench::BlockWithCacheCall</c> in bench_kernels.h, which says what the fields are.</summary>
internal unsafe struct BlockWithCacheCall
{
    public NormaliseCall Norm1;
    public NormaliseCall Norm2;
    public AttentionWithCacheCall Attention;
    public long Hidden;
    public float* Qkv;
    public float* AttentionOut;
    public float* Up;
    public float* UpBias;
    public float* Down;
    public float* Output;
}

/// <summary>The layout of <c>bench::CrossEntropyCall</c> in bench_kernels.h, which says what the fields are.</summary>
internal unsafe struct CrossEntropyCall
{
    public int Type;
    public int Reserved;
    public long Tokens;
    public long Width;
    public long Closed;
    public void* Logits;
    public float* Bias;
    public long* Targets;
    public float* Nats;
    public float* Norms;
    public float* Gnats;
    public void* Glogits;
    public float* Gbias;
}

/// <summary>The layout of <c>bench::GeluCall</c> in bench_kernels.h, which says what the fields are.</summary>
internal unsafe struct GeluCall
{
    public int Type;
    public int Reserved;
    public long Tokens;
    public long Width;
    public void* X;
    public float* Bias;
    public void* Y;
    public void* Gy;
    public void* Gx;
    public float* Gbias;
}

/// <summary>The layout of <c>bench::NormaliseCall</c> in bench_kernels.h, which says what the fields are.</summary>
internal unsafe struct NormaliseCall
{
    public int Type;
    public int Reserved;
    public long Tokens;
    public long Width;
    public float* X;
    public void* Branch;
    public float* Bias;
    public float* Weight;
    public float* Gates;
    public float* Table;
    public long* Index;
    public long Rows;
    public long GatesStride;
    public long Gate;
    public long TableStride;
    public long Shift;
    public long Scale;
    public float* Stream;
    public void* Y;
    public float* Gstream;
    public void* Gy;
    public float* Gx;
    public void* Gbranch;
    public float* Gweight;
    public float* Gbias;
    public float* Ggates;
    public float* Gtable;
}
