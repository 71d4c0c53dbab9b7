namespace Bench.Tests.Cli;

/// <summary>A clock that a test advances.</summary>
internal sealed class SteppedClock : TimeProvider
{
    private long now = TimeSpan.TicksPerDay;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => now;

    public void Advance(TimeSpan time) => now += time.Ticks;
}
