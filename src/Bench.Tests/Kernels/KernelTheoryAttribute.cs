using Xunit;

namespace Bench.Tests.Kernels;

/// <summary><see cref="KernelFactAttribute"/> for several cases.</summary>
public sealed class KernelTheoryAttribute : TheoryAttribute
{
    public KernelTheoryAttribute() => Skip = KernelFactAttribute.Missing;
}
