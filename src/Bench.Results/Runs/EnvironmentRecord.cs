using System.ComponentModel;
using System.Diagnostics;

namespace Bench.Results.Runs;

/// <summary>Where and with what a run was made: <c>environment.json</c>. Unknown values are the word "unknown".</summary>
/// <param name="Commit">Commit of the suite, with "-dirty" when the work tree differs from it.</param>
/// <param name="Dotnet">The .NET runtime.</param>
/// <param name="Libtorch">Version of libtorch, or "none" for a run without it.</param>
/// <param name="Device">Such as <c>cpu</c> or <c>cuda:0 NVIDIA H200</c>.</param>
/// <param name="Threads">Threads of the tensor engine.</param>
/// <param name="Os">Operating system and kernel.</param>
/// <param name="Cpu">The processor's model.</param>
/// <param name="Cores">Logical cores that this process may use.</param>
/// <param name="MemoryMib">Memory that this process may use, in MiB.</param>
/// <param name="Date">When the run started, UTC.</param>
public sealed record EnvironmentRecord(
    string Commit,
    string Dotnet,
    string Libtorch,
    string Device,
    int Threads,
    string Os,
    string Cpu,
    int Cores,
    long MemoryMib,
    DateTimeOffset Date)
{
    /// <summary>The commit that a folder's work tree is at, as <see cref="Commit"/> has it.</summary>
    public static string CommitOf(string repository) => GitCommit.Of(repository);

    /// <summary>Reads what can be read without libtorch; the caller, who has it, passes the rest.</summary>
    /// <param name="clock">The source of the date.</param>
    /// <param name="repository">A folder inside the work tree whose commit is recorded.</param>
    /// <param name="libtorch">Version of libtorch, or "none".</param>
    /// <param name="device">The device's name.</param>
    /// <param name="threads">Threads of the tensor engine.</param>
    public static EnvironmentRecord Capture(TimeProvider clock, string repository, string libtorch, string device, int threads)
    {
        var now = clock.GetUtcNow();
        return new(
            Commit: GitCommit.Of(repository),
            Dotnet: Machine.Runtime,
            Libtorch: libtorch,
            Device: device,
            Threads: threads,
            Os: Machine.OperatingSystem,
            Cpu: Machine.Processor,
            Cores: Environment.ProcessorCount,
            MemoryMib: Machine.MemoryMib,
            Date: now.AddTicks(-(now.Ticks % TimeSpan.TicksPerSecond)));
    }
}

/// <summary>The commit a folder stands at, asked of git.</summary>
internal static class GitCommit
{
    /// <summary>
    /// The full hash, "-dirty" appended when anything that git does not ignore differs from it; "unknown" without git or a repository.
    /// </summary>
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
