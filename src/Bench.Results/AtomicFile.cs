using System.Text;
using Bench.Results.Files;
using Bench.Results.Runs;

namespace Bench.Results;

/// <summary>Writes a file so that a reader, a crash or a full disk leaves either the old content or the new one, never a part.</summary>
public static class AtomicFile
{
    /// <summary>Replaces the file's content with UTF-8 text without a byte order mark. Its folder is created when missing.</summary>
    /// <exception cref="SuiteException">The folder is read-only or the disk is full; the old content is unharmed.</exception>
    public static void Write(string path, string text) => Write(path, Encoding.UTF8.GetBytes(text));

    /// <summary>Replaces the file's content. Its folder is created when missing.</summary>
    /// <exception cref="SuiteException">The folder is read-only or the disk is full; the old content is unharmed.</exception>
    public static void Write(string path, ReadOnlySpan<byte> content)
    {
        byte[] bytes = content.ToArray();
        Write(path, stream => stream.Write(bytes));
    }

    /// <summary>Replaces the file's content with what <paramref name="write"/> puts into the stream.</summary>
    /// <exception cref="SuiteException">The folder is read-only or the disk is full; the old content is unharmed.</exception>
    public static void Write(string path, Action<Stream> write) => Storage.Guard(path, () =>
    {
        string full = Path.GetFullPath(path);
        if (Directory.Exists(full))
            throw new SuiteException($"{path} cannot be written: it is a folder.", "Name a file, or move the folder away.");
        // The rename would put a file in the place of a device, /dev/null for one.
        if (InputFile.Refusal(full) is var (what, fix))
            throw new SuiteException($"{path} cannot be written: it {what}.", fix);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);

        // In the same folder, since a rename is atomic only within one file system.
        string temporary = $"{full}.{Environment.ProcessId}-{Environment.CurrentManagedThreadId}{Leftover.Ending}";
        using var end = ProcessEnd.Before(() => File.Delete(temporary));
        try
        {
            using (var stream = new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.None))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, full, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    });
}

/// <summary>A file or folder under a results folder that is not needed any more.</summary>
/// <param name="Run">The run's folder; null where it belongs to none.</param>
/// <param name="Path">The file or folder to delete.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Why">What it is, as text.</param>
public sealed record Spare(string? Run, string Path, long Bytes, string Why);
