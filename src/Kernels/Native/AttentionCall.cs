namespace Bench.Kernels.Native;

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
