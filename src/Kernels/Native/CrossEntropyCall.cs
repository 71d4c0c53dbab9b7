namespace Bench.Kernels.Native;

/// <summary>The layout of <c>bench::SurpriseCall</c> in bench_kernels.h, which says what the fields are.</summary>
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
