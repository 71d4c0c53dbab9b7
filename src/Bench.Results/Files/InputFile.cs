using System.Runtime.InteropServices;
using System.Text;

namespace Bench.Results.Files;

/// <summary>
/// Opens files that a user names or that lie in a folder of the user's: regular files, of a plausible size. A FIFO, a device or
/// a socket may never give anything, or never end, and is refused before it is opened.
/// </summary>
public static partial class InputFile
{
    /// <summary>Bytes that a file may have which is read as a whole.</summary>
    public const long MostBytes = 1L << 28;

    private const string Advice = "Name a regular file; what a program writes, save to one first.";

    // Of st_mode, the same on every Unix.
    private const int TypeMask = 0xF000, RegularFile = 0x8000;

    /// <summary>Why a path cannot be read as a file.</summary>
    /// <param name="path">The path; links are followed.</param>
    /// <param name="most">Bytes that the file may have.</param>
    /// <returns>What it is, after the word "is", and what to do; null where nothing is in the way, or nothing is there.</returns>
    public static (string What, string Fix)? Refusal(string path, long most = long.MaxValue)
    {
        if (Directory.Exists(path))
            return ("is a folder, not a file", "Name a file.");
        if (KindOf(path) is { } kind)
            return ($"is {kind}, not a regular file", Advice);
        return new FileInfo(path) is { Exists: true, Length: var length } && length > most
            ? ($"has {length} bytes, and such a file has at most {most}", "Look whether this is the file that is meant.")
            : null;
    }

    /// <summary>Makes sure that a path is that of a regular file, or of nothing.</summary>
    /// <exception cref="SuiteException">It is something else, or too large.</exception>
    public static void Require(string path, long most = long.MaxValue)
    {
        if (Refusal(path, most) is var (what, fix))
            throw new SuiteException($"{path} {what}", fix);
    }

    /// <summary>Opens a file for reading.</summary>
    /// <param name="path">The file.</param>
    /// <param name="most">Bytes that it may have.</param>
    /// <param name="buffer">Bytes that are read ahead.</param>
    /// <param name="options">How it is going to be read.</param>
    /// <exception cref="SuiteException">It is no regular file, or too large.</exception>
    public static FileStream Open(string path, long most = long.MaxValue, int buffer = 4096, FileOptions options = FileOptions.None)
    {
        Require(path, most);
        return new(path, FileMode.Open, FileAccess.Read, FileShare.Read, buffer, options);
    }

    /// <summary>The bytes of a file.</summary>
    /// <exception cref="SuiteException">It is no regular file, or too large.</exception>
    public static byte[] ReadBytes(string path, long most = MostBytes)
    {
        using var stream = Open(path, most, buffer: 0);
        // As many as it has now: files of /proc have none and may never end, and others grow.
        byte[] bytes = new byte[Math.Min(stream.Length, most)];
        int read = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        return read == bytes.Length ? bytes : bytes[..read];
    }

    /// <summary>The text of a file, read as <see cref="File.ReadAllText(string)"/> does.</summary>
    /// <exception cref="SuiteException">It is no regular file, or too large.</exception>
    public static string ReadText(string path, long most = MostBytes)
    {
        using var reader = new StreamReader(new MemoryStream(ReadBytes(path, most)), Encoding.UTF8);
        return reader.ReadToEnd();
    }

    // Null for a regular file, and where nothing is there.
    private static string? KindOf(string path)
    {
        if (OperatingSystem.IsWindows() || Stat(path, out var status) != 0)
            return null;
        return (status.Mode & TypeMask) switch
        {
            RegularFile => null,
            0x1000 => "a FIFO",
            0x2000 => "a device", // one of characters: a terminal, /dev/zero
            0x6000 => "a device",
            0xC000 => "a socket",
            _ => "something else",
        };
    }

    // The runtime's own, whose structure is the same on every Unix; stat(2) has another one on each.
    [LibraryImport("libSystem.Native", EntryPoint = "SystemNative_Stat", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Stat(string path, out FileStatus status);

    [StructLayout(LayoutKind.Explicit, Size = 256)] // more than it takes
    private struct FileStatus
    {
        [FieldOffset(4)]
        public int Mode;
    }
}
