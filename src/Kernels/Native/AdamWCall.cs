namespace Bench.Kernels.Native;

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
