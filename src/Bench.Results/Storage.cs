using System.ComponentModel;
using Bench.Results.Files;
using Bench.Results.Runs;

namespace Bench.Results;

/// <summary>Turns what a file system refuses into one line that says what to do.</summary>
public static class Storage
{
    // errno values of Linux and macOS, which .NET keeps in the low bits of HResult, and Windows' ERROR_DISK_FULL.
    private const int BadDescriptor = 9, BrokenPipe = 32, ReadOnlyFileSystem = 30;
    private static readonly int[] NoSpaceLeft = [28, 122, 69, 0x70];

    /// <summary>What a failure to read or write means, and what to do about it.</summary>
    /// <param name="failure">The exception that the system raised.</param>
    /// <returns>Null where it is no failure of files and streams.</returns>
    public static (string What, string Fix)? Explain(Exception failure) => failure switch
    {
        IOException when CodeOf(failure) == BrokenPipe => (
            "The reader of the output has closed it.",
            "Nothing is wrong if the reader had read enough, as `head` does; otherwise look why it ended."),
        UnauthorizedAccessException when CodeOf(failure) == BadDescriptor => (
            "The output is closed.",
            "Leave standard output and standard error open, or send them to /dev/null."),
        UnauthorizedAccessException => (
            $"{failure.Message.TrimEnd('.')}: this user may not, or the folder is read-only.",
            "Give this user the right to use it, or name another folder."),
        IOException when CodeOf(failure) == ReadOnlyFileSystem => (
            $"{failure.Message.TrimEnd('.')}: the folder is read-only.",
            "Name another folder, or mount this one so that it can be written."),
        IOException when NoSpaceLeft.Contains(CodeOf(failure)) => (
            $"The disk is full: {failure.Message}",
            "Free some space and run the same command again; what was written before is unharmed."),
        IOException => (failure.Message, "Check the disk and the path; what was written before is unharmed."),
        _ => null,
    };

    /// <summary>Does something with a file.</summary>
    /// <exception cref="SuiteException">The file system refused.</exception>
    internal static T Guard<T>(string path, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (UnauthorizedAccessException refused)
        {
            throw NotWritable(path, refused);
        }
        catch (IOException refused) when (CodeOf(refused) == ReadOnlyFileSystem)
        {
            throw NotWritable(path, refused);
        }
        catch (IOException full) when (NoSpaceLeft.Contains(CodeOf(full)))
        {
            throw new SuiteException(
                $"The disk is full: {path} was not written, and what was there before is unharmed.",
                "Free some space and run the same command again; an interrupted run goes on from its last checkpoint.",
                full);
        }
        catch (IOException failed)
        {
            throw new SuiteException($"{path} cannot be used: {failed.Message}",
                "Check that the folder exists and that no other program holds the file.", failed);
        }
    }

    /// <inheritdoc cref="Guard{T}"/>
    internal static void Guard(string path, Action work) => Guard(path, () =>
    {
        work();
        return true;
    });

    private static SuiteException NotWritable(string path, Exception inner) =>
        new(
            $"{path} cannot be written: the folder is read-only for this user.",
            "Choose another folder, or give this user the right to write there.",
            inner);

    // What the system said stands inside of what .NET makes of a missing right, and of a pipe's other end that is gone.
    private static int CodeOf(Exception failure) => failure switch
    {
        { InnerException: Win32Exception inner } => inner.NativeErrorCode,
        UnauthorizedAccessException { InnerException: { } inner } => inner.HResult & 0xFFFF,
        _ => failure.HResult & 0xFFFF,
    };
}

/// <summary>A small file, written and deleted to see whether a folder can be written.</summary>
internal static class WriteProbe
{
    /// <summary>What such files are called, as a pattern.</summary>
    public const string Names = ".probe-*";

    /// <summary>Writes one, and deletes those that killed processes left.</summary>
    /// <exception cref="SuiteException">The folder is read-only or the disk is full.</exception>
    public static void In(string folder) => Storage.Guard(folder, () =>
    {
        Directory.CreateDirectory(folder);
        foreach (string left in Directory.EnumerateFiles(folder, Names).Where(IsLeft).ToList())
            File.Delete(left);
        string probe = Path.Combine(folder, $".probe-{Environment.ProcessId}");
        using var end = ProcessEnd.Before(() => File.Delete(probe));
        try
        {
            using var stream = new FileStream(probe, FileMode.Create, FileAccess.Write, FileShare.None);
            stream.Write("This file is written and deleted to see whether results can be kept.\n"u8);
            stream.Flush(flushToDisk: true);
        }
        catch (IOException held) when (RunLock.IsHeldByAnother(held))
        {
            // Another process looks whether this file was left: so files can be written here.
        }
        finally
        {
            File.Delete(probe);
        }
    });

    /// <summary>Whether no process is about to delete the file itself.</summary>
    public static bool IsLeft(string probe)
    {
        if (InputFile.Refusal(probe) is not null)
            return false; // nothing of ours
        try
        {
            using var free = new FileStream(probe, FileMode.Open, FileAccess.Read, FileShare.None);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }
}
