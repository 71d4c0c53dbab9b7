namespace Bench.Tests.Cli;

/// <summary>A clock that goes when it is told to.</summary>
internal sealed class SteppedClock : TimeProvider
{
    private long now = TimeSpan.TicksPerDay;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => now;

    public void Advance(TimeSpan time) => now += time.Ticks;
}
