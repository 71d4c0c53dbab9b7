
using System.ComponentModel;
using System.Diagnostics;
using System.Security.Cryptography;
using Bench.Results;
using Bench.Results.Files;

namespace Bench.Data.Downloads;

/// <summary>
/// Tarballs of npm packages in a folder, downloaded when first asked for and checked against their hash before they are first used.
/// </summary>
/// <param name="folder">Where the tarballs lie. A file put there by hand is as good as a downloaded one.</param>
/// <param name="report">Conditioned about downloads and damage.</param>
/// <param name="npm">The npm program, by default the one on the path.</param>
/// <param name="stop">Ends a download.</param>
public sealed class PackageCache(
    string folder, Action<PackageEvent>? report = null, string? npm = null, CancellationToken stop = default)
{
    /// <summary>How the name of a file ends that is kept aside since its hash is wrong.</summary>
    private const string Aside = ".damaged";

    private readonly Lock checking = new();
    private readonly HashSet<NpmPackage> ready = []; // checked by this object

    /// <summary>The path of the package's tarball, whose hash is right.</summary>
    /// <exception cref="SuiteException">
    /// npm is missing, there is no network, or npm sent something else; the fix is the command to run by hand.
    /// </exception>
    /// <exception cref="OperationCanceledException">It was stopped; npm has ended.</exception>
    public string Fetch(NpmPackage package)
    {
        string path = Path.Combine(folder, package.Tarball);
        lock (checking)
        {
            if (!ready.Contains(package) && !CacheFolder.Use(folder, () => IsWhole(package, path)))
                CacheFolder.Use(folder, () => Download(package, path));
            ready.Add(package);
        }
        return path;
    }

    private bool IsWhole(NpmPackage package, string path)
    {
        if (!File.Exists(path))
            return false;
        string sha512 = Hash(path);
        bool whole = sha512 == package.Sha512;
        // It may be all there is without a network, or a newer one that was put there on purpose.
        if (!whole)
            File.Move(path, path + Aside, overwrite: true);
        report?.Invoke(whole
            ? new(package, PackageState.Ready, new FileInfo(path).Length, sha512, path)
            : new(package, PackageState.Damaged, new FileInfo(path + Aside).Length, sha512, path + Aside));
        return whole;
    }

    private bool Download(NpmPackage package, string path)
    {
        report?.Invoke(new(package, PackageState.Downloading, 0, "", path));
        var temporary = Directory.CreateDirectory(Path.Combine(folder, $"{Path.GetRandomFileName()}.tmp"));
        using var end = ProcessEnd.Before(() => temporary.Delete(recursive: true));
        try
        {
            if (Npm.Pack(npm ?? Npm.Program, package, temporary.FullName, stop) is { } reason)
                throw NotAvailable(package, path, reason);
            string arrived = Path.Combine(temporary.FullName, package.Tarball);
            string sha512 = Hash(arrived);
            if (sha512 != package.Sha512)
                throw NotAvailable(package, path, $"npm sent a file with SHA-512 {sha512}, which should be {package.Sha512}");
            File.Move(arrived, path, overwrite: true);
            File.Delete(path + Aside);
            report?.Invoke(new(package, PackageState.Ready, new FileInfo(path).Length, sha512, path));
            return true;
        }
        finally
        {
            temporary.Delete(recursive: true);
        }
    }

    private static string Hash(string path)
    {
        using var stream = InputFile.Open(path);
        return Convert.ToBase64String(SHA512.HashData(stream));
    }

    private SuiteException NotAvailable(NpmPackage package, string path, string reason) => new(
        $"the npm package {package.Specifier} cannot be had: {reason}",
        $"On a machine with npm and a network run '{package.Command}' and put {package.Tarball} into {folder}."
        + (File.Exists(path + Aside) ? $" The file whose hash was wrong is kept as {package.Tarball}{Aside}." : ""));
}

/// <summary>Runs the npm program.</summary>
internal static class Npm
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(15);

    // npm's own are 2 retries, the first after 10 s and the second after 60 s: over a minute before it fails without a network.
    private static readonly string[] Hurry = ["--fetch-retries=1", "--fetch-retry-mintimeout=1000", "--fetch-retry-maxtimeout=2000"];

    private static readonly string[] Unreachable =
        ["EAI_AGAIN", "ENOTFOUND", "ECONNREFUSED", "ECONNRESET", "ETIMEDOUT", "ENETUNREACH", "EHOSTUNREACH", "ENOTCACHED"];

    /// <summary>npm's name on this operating system.</summary>
    public static string Program => OperatingSystem.IsWindows() ? "npm.cmd" : "npm";

    /// <summary>Lets npm write the package's tarball into a folder.</summary>
    /// <returns>Null, or why there is no tarball.</returns>
    /// <exception cref="OperationCanceledException">It was stopped; npm has ended.</exception>
    public static string? Pack(string npm, NpmPackage package, string into, CancellationToken stop = default)
    {
        stop.ThrowIfCancellationRequested();
        using var process = new Process
        {
            StartInfo = new(npm, ["pack", package.Specifier, "--ignore-scripts", "--loglevel=error", .. Hurry])
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
        using var end = ProcessEnd.Before(() => End(process));
        using var ending = stop.Register(() => End(process));
        var output = process.StandardOutput.ReadToEndAsync(CancellationToken.None); // a full pipe would stop npm
        var errors = process.StandardError.ReadToEndAsync(CancellationToken.None);
        if (!process.WaitForExit(Patience))
        {
            End(process);
            return $"npm was stopped after {Patience.TotalMinutes} minutes";
        }
        // Ctrl-C reaches npm as well, whose failure is none then.
        stop.ThrowIfCancellationRequested();
        Task.WaitAll([output, errors], CancellationToken.None);
        string? cause = Unreachable.FirstOrDefault(code => errors.Result.Contains(code, StringComparison.Ordinal));
        if (process.ExitCode != 0 && cause is not null)
            return $"npm cannot reach its registry ({cause}): there seems to be no network";
        if (process.ExitCode != 0)
            return $"npm ended with exit code {process.ExitCode}: {FirstLines(errors.Result)}";
        return File.Exists(Path.Combine(into, package.Tarball)) ? null : $"npm said that it was done, but wrote no {package.Tarball}";
    }

    private static void End(Process process)
    {
        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (Exception gone) when (gone is InvalidOperationException or Win32Exception or AggregateException)
        {
            // It has ended already.
        }
    }

    private static string FirstLines(string text) =>
        string.Join("; ", text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Take(3));
}

/// <summary>What happens to a package.</summary>
public enum PackageState
{
    /// <summary>npm has been asked for it.</summary>
    Downloading,

    /// <summary>It is in the cache and its hash is right.</summary>
    Ready,

    /// <summary>The hash of the file in the cache is wrong; it is kept under another name until it has been downloaded again.</summary>
    Damaged,
}

/// <summary>A step on the way to a package, for a progress display.</summary>
/// <param name="Package">The package.</param>
/// <param name="State">What happens to it.</param>
/// <param name="Bytes">The size of the tarball, 0 while it is downloaded.</param>
/// <param name="Sha512">The hash found, in base 64; empty while it is downloaded.</param>
/// <param name="Path">Where the tarball lies or will lie; of a damaged one, where it is kept.</param>
public sealed record PackageEvent(NpmPackage Package, PackageState State, long Bytes, string Sha512, string Path);

/// <summary>Where downloads and token files lie.</summary>
public static class CacheFolder
{
    private const string Advice = "Set BENCH_CACHE to a folder for downloads and token files that can be written.";

    /// <summary>$BENCH_CACHE, or else $XDG_CACHE_HOME/bench, or else ~/.cache/bench.</summary>
    /// <exception cref="SuiteException">None of these is set, or the home folder does not exist.</exception>
    public static string Default => Locate(Environment.GetEnvironmentVariable);

    /// <summary>The folder that an environment asks for.</summary>
    /// <param name="environment">The value of a variable, or null.</param>
    /// <exception cref="SuiteException">It asks for none, or for one in a home folder that does not exist.</exception>
    public static string Locate(Func<string, string?> environment)
    {
        if (environment("BENCH_CACHE") is { Length: > 0 } own)
            return Path.GetFullPath(own);
        // The XDG base directory specification says that a relative path is invalid and to be ignored.
        if (environment("XDG_CACHE_HOME") is { Length: > 0 } xdg && Path.IsPathRooted(xdg))
            return Path.Combine(xdg, "bench");
        string home = environment(OperatingSystem.IsWindows() ? "USERPROFILE" : "HOME") ?? "";
        // Neither the working folder nor a home made by us: both would keep gigabytes where users do not look for them.
        if (!Path.IsPathRooted(home))
            throw new SuiteException("there is no folder for the cache: neither BENCH_CACHE nor XDG_CACHE_HOME nor HOME is set", Advice);
        return Directory.Exists(home)
            ? Path.Combine(home, ".cache", "bench")
            : throw new SuiteException($"there is no folder for the cache: the home folder {home} does not exist", Advice);
    }

    /// <summary>Does something in a cache folder.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="work">What is done.</param>
    /// <exception cref="SuiteException">The file system refused.</exception>
    internal static T Use<T>(string folder, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            string why = refused.Message.TrimEnd('.');
            throw new SuiteException($"the cache folder {folder} cannot be used: {why}", $"Make room there. Or: {Advice}", refused);
        }
    }
}
