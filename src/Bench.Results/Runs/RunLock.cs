using Bench.Results.Files;

namespace Bench.Results.Runs;

/// <summary>Holds a run folder for one process. The system releases it when the process ends, however it ends.</summary>
internal sealed class RunLock : IDisposable
{
    private readonly FileStream held;

    private RunLock(FileStream held) => this.held = held;

    /// <summary>Creates the folder when it is new, and holds it.</summary>
    /// <exception cref="SuiteException">Another process writes this run, or the folder is read-only.</exception>
    public static RunLock Take(string folder) => TryTake(folder)
        ?? throw new SuiteException($"Another process is writing the run {folder}.", "Wait for it to end, or stop it; then run the same command again.");

    /// <summary>The same; null where another process writes this run.</summary>
    /// <exception cref="SuiteException">The folder is read-only.</exception>
    public static RunLock? TryTake(string folder)
    {
        string path = PathIn(folder);
        InputFile.Require(path);
        return Storage.Guard(path, () =>
        {
            Directory.CreateDirectory(folder);
            try
            {
                // The file stays behind on purpose: deleting it would let a third process lock a new file of the same name.
                return new RunLock(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
            }
            catch (IOException busy) when (IsHeldByAnother(busy))
            {
                return null;
            }
        });
    }

    /// <summary>Whether a process holds the folder now. Nothing is created; a folder that cannot be read counts as not held.</summary>
    public static bool IsHeld(string folder)
    {
        if (InputFile.Refusal(PathIn(folder)) is not null)
            return false;
        try
        {
            using var free = new FileStream(PathIn(folder), FileMode.Open, FileAccess.Read, FileShare.None);
            return false;
        }
        catch (IOException refused)
        {
            return IsHeldByAnother(refused);
        }
        catch (UnauthorizedAccessException)
        {
            return false;
        }
    }

    public void Dispose() => held.Dispose();

    private static string PathIn(string folder) => Path.Combine(folder, "run.lock");

    /// <summary>Whether a file was refused because a process holds it: EAGAIN on Linux, EAGAIN on macOS, a sharing violation on Windows.</summary>
    internal static bool IsHeldByAnother(IOException refused) => (refused.HResult & 0xFFFF) is 11 or 35 or 32;
}
