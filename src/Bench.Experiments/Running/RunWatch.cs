namespace Bench.Experiments.Running;

/// <summary>The time a run has taken, over all its restarts.</summary>
/// <param name="clock">Measures.</param>
/// <param name="before">Seconds of earlier starts.</param>
internal sealed class RunWatch(TimeProvider clock, double before)
{
    private readonly long _start = clock.GetTimestamp();

    /// <summary>So far.</summary>
    public double Seconds => before + clock.GetElapsedTime(_start).TotalSeconds;
}
