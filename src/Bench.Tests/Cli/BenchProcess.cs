using System.Diagnostics;
using Xunit;

namespace Bench.Tests.Cli;

/// <summary>The program as a process of its own, in a folder and with the cache there.</summary>
internal sealed class BenchProcess : IDisposable
{
    private const int Patience = 600_000; // milliseconds; only a hang takes as long

    private readonly Process process;
    private readonly Task<string> error;
    private readonly List<string> lines = [];
    private readonly Task reading;

    public BenchProcess(string folder, params string[] arguments)
    {
        // A shell that starts tests in the background makes them, and all that they start, deaf to Ctrl-C.
        var start = new ProcessStartInfo("env", ["--default-signal=INT", "dotnet", Path.Combine(AppContext.BaseDirectory, "Bench.Cli.dll"), .. arguments])
        {
            UseShellExecute = false,
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["BENCH_CACHE"] = Path.Combine(folder, "cache");
        process = Process.Start(start)!;
        error = process.StandardError.ReadToEndAsync();
        reading = Task.Run(Read);
    }

    public bool HasExited => process.HasExited;

    /// <summary>Processes that it started and that still live.</summary>
    public int[] Children => File.Exists($"/proc/{process.Id}/task/{process.Id}/children")
        ? [.. File.ReadAllText($"/proc/{process.Id}/task/{process.Id}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse)]
        : [];

    /// <summary>Waits until something is so, or the process ends.</summary>
    /// <returns>Whether it came to be so.</returns>
    public bool WaitUntil(Func<BenchProcess, bool> isSo)
    {
        while (!isSo(this))
        {
            if (process.WaitForExit(10))
                return isSo(this);
        }

        return true;
    }

    public bool HasSaid(string words)
    {
        lock (lines)
            return lines.Exists(line => line.Contains(words, StringComparison.Ordinal));
    }

    public void Signal(string name) => Signal(name, process.Id);

    public static void Signal(string name, int id)
    {
        using var kill = Process.Start("kill", [$"-{name}", $"{id}"]);
        kill.WaitForExit();
    }

    /// <summary>Waits for its end.</summary>
    public Answer End()
    {
        Assert.True(process.WaitForExit(Patience));
        reading.Wait();
        lock (lines)
            return new(process.ExitCode, string.Concat(lines.Select(line => line + "\n")), error.Result);
    }

    public void Dispose()
    {
        if (!process.HasExited)
            process.Kill(entireProcessTree: true);
        process.Dispose();
    }

    private void Read()
    {
        while (process.StandardOutput.ReadLine() is { } line)
        {
            lock (lines)
                lines.Add(line);
        }
    }
}
