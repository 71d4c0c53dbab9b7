namespace Bench.Experiments.Machine;

/// <summary>What there is for runs to take.</summary>
/// <param name="Memory">Bytes: a container's limit where there is one, the machine's memory otherwise.</param>
/// <param name="FreeDisk">Bytes that this user may still write where results go.</param>
public sealed record MachineLimits(long Memory, long FreeDisk)
{
    /// <summary>This machine.</summary>
    /// <param name="results">The folder of the results; it need not exist yet.</param>
    public static MachineLimits Of(string results) => new(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes, Free(results));

    // Unlimited where it is unknown: whether it can be written is found out by writing.
    private static long Free(string results)
    {
        string folder = Path.GetFullPath(results);
        while (!Directory.Exists(folder))
            folder = Path.GetDirectoryName(folder)!;
        try
        {
            var drive = new DriveInfo(folder);
            return drive.TotalSize > 0 ? drive.AvailableFreeSpace : long.MaxValue; // what has no size is no disk
        }
        catch (Exception unknown) when (unknown is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return long.MaxValue;
        }
    }
}
