using Bench.Results;

namespace Bench.Data.Downloads;

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
            : throw new SuiteException($"{Package.Tarball} lacks {Path}", "The registry of files and the package disagree: use the version that belongs to this version of the suite.");
}
