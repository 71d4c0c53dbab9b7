using System.Collections.Immutable;
using System.Diagnostics;
using Bench.Experiments.Machine;
using Bench.Kernels;
using Bench.Results;
using Bench.Training;

namespace Bench.Experiments.Speed;

/// <summary>Memory over many steps: what is kept for the next step stays as large as it was.</summary>
/// <param name="Case">Of what.</param>
/// <param name="Precision">The type of the products.</param>
/// <param name="Points">In the order of the steps.</param>
public sealed record MemoryTrace(ISpeedCase Case, Precision Precision, ImmutableArray<MemoryPoint> Points)
{
    private const int Most = 100; // points

    /// <summary>Does the work until so many steps are done.</summary>
    /// <param name="row">Of what.</param>
    /// <param name="asked">The type of products; null for the case's own.</param>
    /// <param name="steps">Steps, at least.</param>
    /// <param name="report">Notified of each point.</param>
    /// <param name="stop">Cancels.</param>
    /// <exception cref="Results.SuiteException">There is no tensor engine.</exception>
    public static MemoryTrace Of(ISpeedCase row, Precision? asked, long steps, Action<MemoryPoint> report, CancellationToken stop)
    {
        TorchEnvironment.Require();
        var precision = TorchEnvironment.Usable(asked ?? row.Usual);
        using var work = row.Begin(precision);
        List<MemoryPoint> points = [];
        for (double done = 0, next = 0; done < steps || points.Count == 0;)
        {
            work.Once(stop);
            done += work.Steps;
            if (done < next && done < steps)
                continue;
            points.Add(MemoryPoint.Now(done));
            report(points[^1]);
            next += (double)steps / Most;
        }

        return new(row, precision, [.. points]);
    }
}

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
        return new(
            step, process.WorkingSet64 / Mebibyte, Engine.HeapBytes / Mebibyte, GC.GetTotalMemory(forceFullCollection: false) / Mebibyte);
    }
}
