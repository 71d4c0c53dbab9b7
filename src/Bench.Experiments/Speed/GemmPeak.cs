using Bench.Training;
using static TorchSharp.torch;

namespace Bench.Experiments.Speed;

/// <summary>What the machine can do at best: the product of two matrices of 1024 × 1024.</summary>
internal sealed class GemmPeak : IDisposable
{
    private const int Size = 1024, Warm = 3;
    private const double Enough = 0.15, Flops = 2.0 * Size * Size * Size;
    private readonly TorchSharp.torch.Tensor left, right;

    public GemmPeak(Precision precision)
    {
        var type = precision == Precision.BFloat16 ? bfloat16 : float32;
        using var scope = NewDisposeScope();
        left = ones([Size, Size]).to(type).DetachFromDisposeScope();
        right = ones([Size, Size]).to(type).DetachFromDisposeScope();
    }

    /// <summary>Operations a second of the fastest product within a moment: whatever disturbs one makes it slower.</summary>
    public double Measure(TimeProvider clock)
    {
        double best = double.MaxValue, all = 0;
        for (int i = 0; i < Warm || all < Enough; i++)
        {
            long start = clock.GetTimestamp();
            left.matmul(right).Dispose();
            double seconds = clock.GetElapsedTime(start).TotalSeconds;
            best = Math.Min(best, seconds);
            all += seconds;
        }

        return Flops / best;
    }

    public void Dispose()
    {
        left.Dispose();
        right.Dispose();
    }
}
