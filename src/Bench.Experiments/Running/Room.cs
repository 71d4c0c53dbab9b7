using System.Globalization;
using Bench.Results;

namespace Bench.Experiments.Running;

/// <summary>Room on the disk of the results: what runs need, against what is free.</summary>
internal static class Room
{
    // Weights, their average and both moments, float32.
    private const int BytesPerParameter = 4 * sizeof(float);

    // Logs, tables and texts of a run.
    private const long Slack = 4_000_000;

    /// <summary>What a run needs at its peak beyond what it has: the checkpoints that are kept, and the one being written.</summary>
    public static long Peak(PlannedRun run) => Slack + Math.Max(0, ((Checkpoints.Kept + 1) * Checkpoint(run)) - Checkpoints.Bytes(run.Folder));

    /// <summary>What runs need together: each keeps one checkpoint in the end, and as many as are at work at once have more.</summary>
    public static long Peak(IReadOnlyCollection<PlannedRun> runs, int atOnce) =>
        runs.Sum(run => Slack + Math.Max(0, Checkpoint(run) - Checkpoints.Bytes(run.Folder)))
        + runs.Select(run => Checkpoints.Kept * Checkpoint(run)).OrderDescending().Take(atOnce).Sum();

    /// <summary>Bytes that are free to this user where a folder lies or will lie; as good as endless where nobody can tell.</summary>
    public static long Free(string folder)
    {
        string? existing = Path.GetFullPath(folder);
        while (existing is not null && !Directory.Exists(existing))
            existing = Path.GetDirectoryName(existing);
        try
        {
            return existing is null ? long.MaxValue : new DriveInfo(existing).AvailableFreeSpace;
        }
        catch (Exception unknown) when (unknown is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return long.MaxValue;
        }
    }

    /// <summary>Refuses what cannot be kept.</summary>
    /// <exception cref="SuiteException">There is less room than is needed.</exception>
    public static void Require(string what, long needed, long free, string folder)
    {
        if (free < needed)
        {
            throw new SuiteException(
                $"{what} may need {Megabytes(needed)} on the disk of {folder}, where {Megabytes(free)} are free",
                "Make room ('bench gc' shows what can go) or name another folder by --results; nothing is lost, the same command goes on.");
        }
    }

    private static long Checkpoint(PlannedRun run) => (run.Spec.Parameters ?? 0) * BytesPerParameter;

    private static string Megabytes(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:0.0} MB");
}
