using System.Text.Json.Serialization;

namespace Bench.Results.Runs;

/// <summary>Where a run stands: <c>status.json</c>.</summary>
/// <param name="State">Running also means interrupted: the next start resumes it.</param>
/// <param name="Reason">Why it failed, in one line; null otherwise.</param>
/// <param name="Seconds">Time spent so far, over all restarts.</param>
public sealed record RunStatus(RunState State, string? Reason = null, double Seconds = 0)
{
    /// <summary>The hashes of a finished run's files; null for any other run, and where a version finished it that kept none.</summary>
    [JsonIgnore] // no news for another process, which reads the file
    public FileHashes? Files { get; init; }

    /// <summary>Nothing is wrong, but another process holds the run. Not kept.</summary>
    [JsonIgnore]
    public bool Waits { get; init; }
}

/// <summary>The life of a run.</summary>
public enum RunState
{
    /// <summary>Started and not ended: at work, or killed and to be resumed.</summary>
    Running,

    /// <summary>Every number is there.</summary>
    Finished,

    /// <summary>Ended with a reason. A failure is a result.</summary>
    Failed,
}
