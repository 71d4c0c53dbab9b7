using System.Formats.Tar;
using System.IO.Compression;
using Bench.Results;
using Bench.Results.Files;

namespace Bench.Data.Downloads;

/// <summary>Reads files out of a gzipped tar file without unpacking it.</summary>
public static class Tarball
{
    /// <summary>The wanted files, by their path inside the tarball.</summary>
    /// <exception cref="SuiteException">The file is no gzipped tar file.</exception>
    public static Dictionary<string, byte[]> Read(string path, Func<string, bool> wanted)
    {
        var files = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        try
        {
            using var tar = new TarReader(new GZipStream(InputFile.Open(path), CompressionMode.Decompress));
            while (tar.GetNextEntry() is { } entry)
            {
                if (entry.DataStream is not { } data || !wanted(entry.Name))
                    continue;
                var bytes = new byte[entry.Length];
                data.ReadExactly(bytes);
                files[entry.Name] = bytes;
            }
        }
        catch (Exception error) when (error is InvalidDataException or EndOfStreamException or FormatException)
        {
            throw new SuiteException($"{path} is damaged: {error.Message}", "Delete the file; it is downloaded again.", error);
        }
        return files;
    }
}
