using System.ComponentModel;
using System.Diagnostics;
using System.Security.Cryptography;
using Bench.Results;

namespace Bench.Data.Downloads;

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

/// <summary>Runs the npm program.</summary>
internal static class Npm
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(15);

    /// <summary>npm's name on this operating system.</summary>
    public static string Program => OperatingSystem.IsWindows() ? "npm.cmd" : "npm";

    /// <summary>Lets npm write the package's tarball into a folder.</summary>
    /// <returns>Null, or why there is no tarball.</returns>
    public static string? Pack(string npm, NpmPackage package, string into)
    {
        using var process = new Process
        {
            StartInfo = new(npm, ["pack", package.Specifier, "--ignore-scripts", "--loglevel=error"])
            {
                UseShellExecute = false,
                WorkingDirectory = into,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            },
        };
        try
        {
            process.Start();
        }
        catch (Win32Exception error)
        {
            return $"{npm} cannot be started ({error.Message})";
        }
        var output = process.StandardOutput.ReadToEndAsync(); // a full pipe would stop npm
        var errors = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(Patience))
        {
            process.Kill(entireProcessTree: true);
            return $"npm was stopped after {Patience.TotalMinutes} minutes";
        }
        Task.WaitAll(output, errors);
        if (process.ExitCode != 0)
            return $"npm ended with exit code {process.ExitCode}: {FirstLines(errors.Result)}";
        return File.Exists(Path.Combine(into, package.Tarball)) ? null : $"npm said that it was done, but wrote no {package.Tarball}";
    }

    private static string FirstLines(string text) =>
        string.Join("; ", text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Take(3));
}
