using System.Globalization;

namespace Bench.Experiments.Speed;

/// <summary>What a piece of work took in one round, each time it was done.</summary>
/// <param name="Seconds">Wall time.</param>
/// <param name="ProcessorSeconds">Time of all cores together; spinning threads included.</param>
/// <param name="PageFaults">Pages that the kernel had to find.</param>
public readonly record struct SpeedSample(double Seconds, double ProcessorSeconds, double PageFaults)
{
    /// <summary>Does a piece of work again and again.</summary>
    /// <param name="work">The work; warm.</param>
    /// <param name="seconds">For at least so long, and at least once.</param>
    /// <param name="clock">Measures.</param>
    /// <param name="stop">Cancels.</param>
    public static SpeedSample Of(ISpeedWork work, double seconds, TimeProvider clock, CancellationToken stop)
    {
        var (faults, processor, start) = (ProcessUse.PageFaults, ProcessUse.Seconds, clock.GetTimestamp());
        int times = 0;
        double elapsed;
        do
        {
            work.Once(stop);
            times++;
            elapsed = clock.GetElapsedTime(start).TotalSeconds;
        }
        while (elapsed < seconds);
        return new(elapsed / times, (ProcessUse.Seconds - processor) / times, (double)(ProcessUse.PageFaults - faults) / times);
    }
}

/// <summary>What this process has used of the machine so far.</summary>
internal static class ProcessUse
{
    private const string Stat = "/proc/self/stat";

    // proc(5): fields 10 and 12, counted from 1; the second is a name in parentheses that may have spaces in it.
    private const int Minor = 10, Major = 12, BehindName = 3;

    /// <summary>Page faults; 0 where the system does not report them.</summary>
    public static long PageFaults => File.Exists(Stat) ? FaultsIn(File.ReadAllText(Stat)) : 0;

    /// <summary>Processor time of all threads, user and system.</summary>
    public static double Seconds => Environment.CpuUsage.TotalTime.TotalSeconds;

    internal static long FaultsIn(string stat)
    {
        string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return Field(Minor) + Field(Major);

        long Field(int number) => long.Parse(fields[number - BehindName], CultureInfo.InvariantCulture);
    }
}
