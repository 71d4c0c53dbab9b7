namespace Bench.Kernels.Native;

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
