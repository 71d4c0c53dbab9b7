using System.Diagnostics;

namespace Bench.Experiments.Machine;

/// <summary>The most memory that the process has held resident.</summary>
internal static class PeakMemory
{
    private const string Reset = "/proc/self/clear_refs";

    private static double earlier; // the peak before the system's own count was begun anew

    /// <summary>In MiB.</summary>
    public static double Mebibytes => Math.Max(earlier, Counted.Peak);

    private static (double Peak, double Now) Counted
    {
        get
        {
            using var process = Process.GetCurrentProcess();
            return (process.PeakWorkingSet64 / (double)(1 << 20), process.WorkingSet64 / (double)(1 << 20));
        }
    }

    /// <summary>Begins to measure anew, where the system can: otherwise a run would report the peak of an earlier one.</summary>
    public static void Restart()
    {
        earlier = 0;
        Forget();
    }

    /// <summary>How much a piece of work adds at its peak to what was resident before it, in MiB.</summary>
    public static double Of(Action work)
    {
        earlier = Mebibytes;
        Forget();
        double before = Counted.Now;
        work();
        return Math.Max(0, Counted.Peak - before);
    }

    private static void Forget()
    {
        try
        {
            if (File.Exists(Reset))
                File.WriteAllText(Reset, "5"); // proc(5): resets the peak resident set size
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            // Then the peak is that of the process, as the protocol says.
        }
    }
}
