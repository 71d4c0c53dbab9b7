using static TorchSharp.torch;

namespace Bench.Kernels;

/// <summary>Stands in where the suite is compiled against TorchSharp's packages: there is no such kernel, callers use tensor operators.</summary>
public static class OptimiserKernel
{
    /// <summary>Never: ask before every call.</summary>
    public static bool Supports(Tensor tensor) => false;

    /// <inheritdoc cref="Supports"/>
    public static double SquaredNorm(Tensor gradient) => throw new NotSupportedException(Missing);

    /// <inheritdoc cref="Supports"/>
    public static void AdamW(Tensor weight, Tensor gradient, Tensor first, Tensor second, Tensor? average, in AdamWStep settings) => throw new NotSupportedException(Missing);

    private const string Missing = "TorchSharp has no optimiser kernel; ask Supports before calling it.";
}
