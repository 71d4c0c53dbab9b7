using Bench.Results.Files;
using Bench.Results.Runs;

namespace Bench.Results;

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
