using TorchSharp.Native;
using static TorchSharp.torch;

namespace Bench.Kernels;

/// <summary>The optimiser's update in one pass over memory; only the own binding has it.</summary>
public static unsafe class OptimiserKernel
{
    /// <summary>Whether the kernel can work on a tensor: float32, contiguous, on the CPU.</summary>
    public static bool Supports(Tensor tensor) => tensor.dtype == float32 && tensor.is_contiguous() && !tensor.is_cuda;

    /// <summary>Σ g², added in an order that does not depend on threads.</summary>
    public static double SquaredNorm(Tensor gradient)
    {
        Library.Check(Library.bt_squared_norm(gradient.Handle, out double sum));
        GC.KeepAlive(gradient);
        return sum;
    }

    /// <summary>Updates weight, both moments and the weights' moving average.</summary>
    public static void AdamW(Tensor weight, Tensor gradient, Tensor first, Tensor second, Tensor average, in AdamWStep settings)
    {
        var s = settings;
        float* values = stackalloc float[] { s.Scale, s.LearningRate, s.WeightDecay, s.Beta1, s.Beta2, s.Epsilon, s.Correction1, s.Correction2, s.EmaDecay };
        Library.Check(Library.bt_adamw(weight.Handle, gradient.Handle, first.Handle, second.Handle, average.Handle, values));
        GC.KeepAlive((weight, gradient, first, second, average));
    }
}
