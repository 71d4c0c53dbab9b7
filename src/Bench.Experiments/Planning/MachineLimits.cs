namespace Bench.Experiments.Planning;

/// <summary>What there is for runs to take.</summary>
/// <param name="Memory">Bytes: a container's limit where there is one, the machine's memory otherwise.</param>
/// <param name="FreeDisk">Bytes that this user may still write where results go.</param>
public sealed record MachineLimits(long Memory, long FreeDisk)
{
    /// <summary>This machine.</summary>
    /// <param name="results">The folder of the results; it need not exist yet.</param>
    public static MachineLimits Of(string results)
    {
        string folder = Path.GetFullPath(results);
        while (!Directory.Exists(folder))
            folder = Path.GetDirectoryName(folder)!;
        // What has no size is no disk; whether it can be written is found out by writing.
        var drive = new DriveInfo(folder);
        return new(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes, drive.TotalSize > 0 ? drive.AvailableFreeSpace : long.MaxValue);
    }
}
