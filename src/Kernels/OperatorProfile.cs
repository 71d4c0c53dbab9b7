using System.Diagnostics;

namespace Bench.Kernels;

/// <summary>Times the parts of a piece of work that say when they begin and end: kernels, products, stages of a step.</summary>
/// <remarks>
/// TorchSharp does not pass on libtorch's own profiler. Operators between these parts, and backward passes of operators that are not fused,
/// count to the part around them.
/// </remarks>
public sealed class OperatorProfile
{
    [ThreadStatic]
    private static OperatorProfile? current;

    private readonly Dictionary<(string Name, bool IsBackward), (long Calls, long Ticks)> table = [];
    private readonly Stack<Frame> frames = [];

    private OperatorProfile()
    {
    }

    /// <summary>The parts of a piece of work, those that took longest first.</summary>
    /// <param name="work">What is timed, on this thread.</param>
    /// <exception cref="InvalidOperationException">A profile is being taken already.</exception>
    public static IReadOnlyList<OperatorTime> Of(Action work)
    {
        if (current is not null)
            throw new InvalidOperationException("A profile is being taken already.");
        var profile = current = new();
        try
        {
            work();
        }
        finally
        {
            current = null;
        }

        return [.. profile.table
            .Select(entry =>
                new OperatorTime(entry.Key.Name, entry.Key.IsBackward, entry.Value.Calls, entry.Value.Ticks / (double)Stopwatch.Frequency))
            .OrderByDescending(entry => entry.Seconds).ThenBy(entry => entry.Name, StringComparer.Ordinal)];
    }

    /// <summary>A part, from here to where what is returned is disposed. It costs next to nothing where no profile is taken.</summary>
    /// <param name="name">Its name in the table.</param>
    /// <param name="isBackward">Whether it belongs to a backward pass; parts within such a one do.</param>
    public static Part Time(string name, bool isBackward = false)
    {
        if (current is not { } profile)
            return default;
        profile.frames.Push(new(name, isBackward || (profile.frames.TryPeek(out var outer) && outer.IsBackward), Stopwatch.GetTimestamp()));
        return new(profile);
    }

    private void End()
    {
        var frame = frames.Pop();
        long ticks = Stopwatch.GetTimestamp() - frame.Start;
        if (frames.TryPeek(out var outer))
            outer.Inner += ticks;
        var (calls, sum) = table.GetValueOrDefault((frame.Name, frame.IsBackward));
        table[(frame.Name, frame.IsBackward)] = (calls + 1, sum + ticks - frame.Inner);
    }

    /// <summary>A part that is being timed.</summary>
    public readonly struct Part : IDisposable
    {
        private readonly OperatorProfile? profile;

        internal Part(OperatorProfile profile) => this.profile = profile;

        /// <summary>Ends the part.</summary>
        public void Dispose() => profile?.End();
    }

    private sealed class Frame(string name, bool isBackward, long start)
    {
        public string Name => name;

        public bool IsBackward => isBackward;

        public long Start => start;

        public long Inner { get; set; }
    }
}

/// <summary>What one part of a piece of work took.</summary>
/// <param name="Name">The part: a kernel, a product, a stage of the step.</param>
/// <param name="IsBackward">Whether it belongs to a backward pass.</param>
/// <param name="Calls">How often it ran.</param>
/// <param name="Seconds">Without the parts within it.</param>
public sealed record OperatorTime(string Name, bool IsBackward, long Calls, double Seconds);
