namespace Bench.Experiments.Speed;

/// <summary>What a piece of work took in one round, each time it was done.</summary>
/// <param name="Seconds">Wall time.</param>
/// <param name="ProcessorSeconds">Time of all cores together; also of threads that wait for others by turning.</param>
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
