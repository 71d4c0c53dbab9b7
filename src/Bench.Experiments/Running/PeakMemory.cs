using System.Diagnostics;

namespace Bench.Experiments.Running;

/// <summary>The most memory that the process has held resident.</summary>
internal static class PeakMemory
{
    private const string Reset = "/proc/self/clear_refs";

    /// <summary>In MiB.</summary>
    public static double Mebibytes
    {
        get
        {
            using var process = Process.GetCurrentProcess();
            return process.PeakWorkingSet64 / (double)(1 << 20);
        }
    }

    /// <summary>Begins to measure anew, where the system can: a run is not to inherit the peak of the one before it.</summary>
    public static void Restart()
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
