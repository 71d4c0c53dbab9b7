using System.ComponentModel;
using System.Diagnostics;

namespace Bench.Results;

/// <summary>The commit a folder stands at, asked of git.</summary>
internal static class GitCommit
{
    /// <summary>The full hash, "-dirty" appended when anything that git does not ignore differs from it; "unknown" without git or a repository.</summary>
    public static string Of(string folder) => Ask(folder, "rev-parse", "HEAD") is { Length: > 0 } commit
        ? commit + (Ask(folder, "status", "--porcelain") is { Length: 0 } ? "" : "-dirty")
        : Machine.Unknown;

    private static string? Ask(string folder, params string[] arguments)
    {
        var start = new ProcessStartInfo("git")
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder,
        };

        // A status check must not take the index lock from under a git command of the user.
        start.Environment["GIT_OPTIONAL_LOCKS"] = "0";
        foreach (string argument in arguments)
            start.ArgumentList.Add(argument);

        try
        {
            using var git = Process.Start(start);
            if (git is null)
                return null;
            git.ErrorDataReceived += static (_, _) => { };
            git.BeginErrorReadLine();
            string answer = git.StandardOutput.ReadToEnd().Trim();
            git.WaitForExit();
            return git.ExitCode == 0 ? answer : null;
        }
        catch (Exception absent) when (absent is Win32Exception or DirectoryNotFoundException)
        {
            return null;
        }
    }
}
