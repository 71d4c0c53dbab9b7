using System.ComponentModel;
using System.Diagnostics;

namespace Bench.Data;

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
