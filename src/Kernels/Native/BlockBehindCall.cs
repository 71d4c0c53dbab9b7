namespace Bench.Kernels.Native;

/// <summary>The layout of <c>bench::BlockBehindCall</c> in bench_kernels.h, which says what the fields are.</summary>
internal unsafe struct BlockBehindCall
{
    public NormaliseCall Norm1;
    public NormaliseCall Norm2;
    public AttentionBehindCall Attention;
    public long Hidden;
    public float* Qkv;
    public float* AttentionOut;
    public float* Up;
    public float* UpBias;
    public float* Down;
    public float* Output;
}
