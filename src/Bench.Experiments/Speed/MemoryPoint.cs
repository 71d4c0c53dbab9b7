using System.Diagnostics;
using Bench.Kernels;

namespace Bench.Experiments.Speed;

/// <summary>Memory after a step, in MiB.</summary>
/// <param name="Step">How many steps were done.</param>
/// <param name="Resident">Of the process, as the system counts it.</param>
/// <param name="Native">What is in use of the native heap, where tensors are.</param>
/// <param name="Managed">The managed heap, garbage included.</param>
public readonly record struct MemoryPoint(double Step, double Resident, double Native, double Managed)
{
    private const double Mebibyte = 1 << 20;

    internal static MemoryPoint Now(double step)
    {
        using var process = Process.GetCurrentProcess();
        return new(step, process.WorkingSet64 / Mebibyte, Engine.HeapBytes / Mebibyte, GC.GetTotalMemory(forceFullCollection: false) / Mebibyte);
    }
}
