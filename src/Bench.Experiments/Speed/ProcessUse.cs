using System.Globalization;

namespace Bench.Experiments.Speed;

/// <summary>What this process has used of the machine so far.</summary>
internal static class ProcessUse
{
    private const string Stat = "/proc/self/stat";

    // proc(5): fields 10 and 12, counted from 1; the second is a name in parentheses that may have spaces in it.
    private const int Minor = 10, Major = 12, BehindName = 3;

    /// <summary>Page faults; 0 where the system does not tell.</summary>
    public static long PageFaults => File.Exists(Stat) ? FaultsIn(File.ReadAllText(Stat)) : 0;

    /// <summary>Processor time of all threads, user and system.</summary>
    public static double Seconds => Environment.CpuUsage.TotalTime.TotalSeconds;

    internal static long FaultsIn(string stat)
    {
        string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return long.Parse(fields[Minor - BehindName], CultureInfo.InvariantCulture) + long.Parse(fields[Major - BehindName], CultureInfo.InvariantCulture);
    }
}
