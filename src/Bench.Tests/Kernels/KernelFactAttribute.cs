using Bench.Kernels;
using Xunit;

namespace Bench.Tests.Kernels;

/// <summary>A test of kernels, which are there where a C++ compiler was when the suite was built.</summary>
public sealed class KernelFactAttribute : FactAttribute
{
    /// <summary>Why tests of kernels are skipped; null where they can run.</summary>
    internal static string? Missing { get; } = !FusedKernels.AreBuilt ? "The kernels were not built: no C++ compiler." : null;

    public KernelFactAttribute() => Skip = Missing;
}
