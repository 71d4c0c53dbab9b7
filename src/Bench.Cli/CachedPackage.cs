using System.Security.Cryptography;
using Bench.Data;
using Bench.Data.Downloads;
using Bench.Results.Files;

namespace Bench.Cli;

/// <summary>A package's tarball in the cache, examined without downloading anything.</summary>
internal static class CachedPackage
{
    /// <summary>What is there.</summary>
    public enum State
    {
        /// <summary>Nothing yet.</summary>
        Absent,

        /// <summary>The file that the suite names.</summary>
        Whole,

        /// <summary>A file with another hash.</summary>
        Damaged,
    }

    public static string PathOf(DataLibrary library, NpmPackage package) => Path.Combine(library.Folder, "packages", package.Tarball);

    public static State Check(DataLibrary library, NpmPackage package)
    {
        string path = PathOf(library, package);
        if (!File.Exists(path))
            return State.Absent;
        using var stream = InputFile.Open(path);
        return Convert.ToBase64String(SHA512.HashData(stream)) == package.Sha512 ? State.Whole : State.Damaged;
    }

    public static string InWords(this State state) => state switch
    {
        State.Whole => "whole, its hash is right",
        State.Damaged => "damaged, its hash is wrong",
        _ => "not in the cache",
    };
}
