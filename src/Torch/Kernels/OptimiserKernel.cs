using TorchSharp.Native;
using static TorchSharp.torch;

namespace Bench.Kernels;

/// <summary>The optimiser's update in one pass over memory; only the own binding has it.</summary>
/// <remarks>Every bit of the results is independent of the threads and of the vector instructions that the processor has.</remarks>
public static unsafe class OptimiserKernel
{
    /// <summary>Whether the kernel is to be used, and can work on a tensor: float32, contiguous, on the CPU.</summary>
    public static bool Supports(Tensor tensor) => KernelSwitch.Uses(OwnKernels.AdamW) && tensor.dtype == float32 && tensor.is_contiguous() && !tensor.is_cuda;

    /// <summary>Σ g², in float64.</summary>
    public static double SquaredNorm(Tensor gradient)
    {
        var status = Library.bt_squared_norm(gradient.Handle, out var sum);
        GC.KeepAlive(gradient);
        Library.Check(status);
        return sum;
    }

    /// <summary>One update of the weight and both moments, and of the weight's moving average where one is kept.</summary>
    public static void AdamW(Tensor weight, Tensor gradient, Tensor first, Tensor second, Tensor? average, in AdamWStep settings)
    {
        var s = settings;
        var values = stackalloc float[] { s.Scale, s.LearningRate, s.WeightDecay, s.Beta1, s.Beta2, s.Epsilon, s.Correction1, s.Correction2, s.EmaDecay };
        var status = Library.bt_adamw(weight.Handle, gradient.Handle, first.Handle, second.Handle, average?.Handle ?? 0, values);
        GC.KeepAlive(weight);
        GC.KeepAlive(gradient);
        GC.KeepAlive(first);
        GC.KeepAlive(second);
        GC.KeepAlive(average);
        Library.Check(status);
    }
}
