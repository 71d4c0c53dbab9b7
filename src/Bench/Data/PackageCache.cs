using System.Security.Cryptography;
using Bench.Results;

namespace Bench.Data;

/// <summary>Tarballs of npm packages in a folder, downloaded when first asked for and checked against their hash before they are first used.</summary>
/// <param name="folder">Where the tarballs lie. A file that somebody put there by hand is as good as a downloaded one.</param>
/// <param name="report">Told about downloads and damage.</param>
/// <param name="npm">The npm program, by default the one on the path.</param>
public sealed class PackageCache(string folder, Action<PackageEvent>? report = null, string? npm = null)
{
    private readonly Lock _lock = new();
    private readonly HashSet<NpmPackage> _ready = []; // checked by this object

    /// <summary>The path of the package's tarball, whose hash is right.</summary>
    /// <exception cref="SuiteException">npm is missing, there is no network, or npm sent something else; the fix is the command to run by hand.</exception>
    public string Fetch(NpmPackage package)
    {
        string path = Path.Combine(folder, package.Tarball);
        lock (_lock)
        {
            if (!_ready.Contains(package) && !IsWhole(package, path))
                Download(package, path);
            _ready.Add(package);
        }
        return path;
    }

    private bool IsWhole(NpmPackage package, string path)
    {
        if (!File.Exists(path))
            return false;
        string sha512 = Hash(path);
        bool whole = sha512 == package.Sha512;
        report?.Invoke(new(package, whole ? PackageState.Ready : PackageState.Damaged, new FileInfo(path).Length, sha512, path));
        if (!whole)
            File.Delete(path);
        return whole;
    }

    private void Download(NpmPackage package, string path)
    {
        report?.Invoke(new(package, PackageState.Downloading, 0, "", path));
        var temporary = Directory.CreateDirectory(Path.Combine(folder, $"{Path.GetRandomFileName()}.tmp"));
        try
        {
            if (Npm.Pack(npm ?? Npm.Program, package, temporary.FullName) is { } reason)
                throw NotAvailable(package, reason);
            string arrived = Path.Combine(temporary.FullName, package.Tarball);
            string sha512 = Hash(arrived);
            if (sha512 != package.Sha512)
                throw NotAvailable(package, $"npm sent a file with SHA-512 {sha512}, which should be {package.Sha512}");
            File.Move(arrived, path, overwrite: true);
            report?.Invoke(new(package, PackageState.Ready, new FileInfo(path).Length, sha512, path));
        }
        finally
        {
            temporary.Delete(recursive: true);
        }
    }

    private static string Hash(string path)
    {
        using var stream = File.OpenRead(path);
        return Convert.ToBase64String(SHA512.HashData(stream));
    }

    private SuiteException NotAvailable(NpmPackage package, string reason) => new(
        $"the npm package {package.Specifier} cannot be had: {reason}",
        $"On a machine with npm and a network run '{package.Command}' and put {package.Tarball} into {folder}.");
}
