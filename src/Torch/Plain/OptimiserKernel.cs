using static TorchSharp.torch;

namespace Bench.Kernels;

/// <summary>Stands in where the tensors are TorchSharp's: there is no kernel, and tensor operators do the work.</summary>
public static class OptimiserKernel
{
    /// <summary>Never.</summary>
    public static bool Supports(Tensor tensor) => false;

    /// <summary>Not to be called.</summary>
    public static double SquaredNorm(Tensor gradient) => throw new NotSupportedException();

    /// <summary>Not to be called.</summary>
    public static void AdamW(Tensor weight, Tensor gradient, Tensor first, Tensor second, Tensor average, in AdamWStep settings) => throw new NotSupportedException();
}
