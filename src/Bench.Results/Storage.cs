namespace Bench.Results;

/// <summary>Turns what a file system refuses into one line that says what to do.</summary>
internal static class Storage
{
    // errno values of Linux and macOS, which .NET keeps in the low bits of HResult, and Windows' ERROR_DISK_FULL.
    private const int ReadOnlyFileSystem = 30;
    private static readonly int[] NoSpaceLeft = [28, 122, 69, 0x70];

    public static T Guard<T>(string path, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (UnauthorizedAccessException refused)
        {
            throw NotWritable(path, refused);
        }
        catch (IOException refused) when ((refused.HResult & 0xFFFF) == ReadOnlyFileSystem)
        {
            throw NotWritable(path, refused);
        }
        catch (IOException full) when (NoSpaceLeft.Contains(full.HResult & 0xFFFF))
        {
            throw new SuiteException(
                $"The disk is full: {path} was not written, and what was there before is unharmed.",
                "Free some space and run the same command again; an interrupted run goes on from its last checkpoint.",
                full);
        }
        catch (IOException failed)
        {
            throw new SuiteException($"{path} cannot be used: {failed.Message}", "Check that the folder exists and that no other program holds the file.", failed);
        }
    }

    public static void Guard(string path, Action work) => Guard(path, () =>
    {
        work();
        return true;
    });

    private static SuiteException NotWritable(string path, Exception inner) =>
        new($"{path} cannot be written: the folder is read-only for this user.", "Choose another results folder, or give this user the right to write there.", inner);
}
