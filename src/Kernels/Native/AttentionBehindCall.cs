namespace Bench.Kernels.Native;

/// <summary>The layout of <c>bench::AttentionBehindCall</c> in bench_kernels.h, which says what the fields are.</summary>
internal unsafe struct AttentionBehindCall
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
    public long Columns;
    public long Kept;
    public long* Chosen;
    public void* Out;
}
