namespace Bench.Kernels.Native;

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
