using System.Diagnostics;
using Xunit;

namespace Bench.Tests.Cli;

/// <summary>The program as a process of its own, in a folder and with the cache there.</summary>
internal sealed class BenchProcess : IDisposable
{
    private const int Patience = 600_000; // milliseconds; only a hang takes as long

    private readonly Process process;
    private readonly List<string> lines = [], complaints = [];
    private readonly Task reading, complaining;

    public BenchProcess(string folder, params string[] arguments)
        : this(folder, programs: null, arguments)
    {
    }

    /// <summary>The same, with a folder in front of the path.</summary>
    /// <param name="folder">Where it works.</param>
    /// <param name="programs">The folder in front of the path; null for none.</param>
    /// <param name="arguments">The command.</param>
    /// <param name="room">Bytes that the pipe of its output still takes, which is never read; null for one that is.</param>
    /// <param name="launcher">What starts it; null for itself.</param>
    public BenchProcess(string folder, string? programs, string[] arguments, int? room = null, string[]? launcher = null)
    {
        const int Pipe = 65_536; // bytes of a pipe of Linux

        // A shell that starts tests in the background makes them, and all that they start, deaf to Ctrl-C; nohup, to a hangup.
        var start = new ProcessStartInfo("env",
        [
            "--default-signal=INT,HUP", .. launcher ?? [], "dotnet", Path.Combine(AppContext.BaseDirectory, "Bench.Cli.dll"), .. arguments,
        ])
        {
            UseShellExecute = false,
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        if (room is { } left)
        {
            string[] command = [start.FileName, .. start.ArgumentList];
            start.FileName = "bash";
            start.ArgumentList.Clear();
            foreach (string word in (string[])["-c", $"head -c {Pipe - left} /dev/zero; exec \"$@\"", "bash", .. command])
                start.ArgumentList.Add(word);
        }

        start.Environment["BENCH_CACHE"] = Path.Combine(folder, "cache");
        if (programs is not null)
            start.Environment["PATH"] = $"{programs}:{start.Environment["PATH"]}";
        process = Process.Start(start)!;
        reading = room is null ? Task.Run(() => Read(process.StandardOutput, lines)) : Task.CompletedTask;
        complaining = Task.Run(() => Read(process.StandardError, complaints));
    }

    public bool HasExited => process.HasExited;

    /// <summary>Processes that it started and that still live.</summary>
    public int[] Children => File.Exists($"/proc/{process.Id}/task/{process.Id}/children")
        ? [.. File.ReadAllText($"/proc/{process.Id}/task/{process.Id}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(int.Parse)]
        : [];

    /// <summary>Whether one of its threads is in a call of write, as those are whose output no reader takes.</summary>
    public bool IsWriting => Directory.EnumerateDirectories($"/proc/{process.Id}/task").Any(thread => SystemCall(thread) is "1");

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

    public bool HasSaid(string words) => Has(lines, words);

    /// <summary>The same of the error output.</summary>
    public bool HasComplained(string words) => Has(complaints, words);

    public void Signal(string name) => Signal(name, process.Id);

    public static void Signal(string name, int id)
    {
        using var kill = Process.Start("kill", [$"-{name}", $"{id}"]);
        kill.WaitForExit();
    }

    /// <summary>Waits until a process that has been killed is gone, or is a zombie that its parent has not collected yet.</summary>
    public static void WaitForEndOf(int id) =>
        Assert.True(SpinWait.SpinUntil(() => !IsAtWork(id), Patience), $"process {id} is still there");

    /// <summary>Waits for its end.</summary>
    public Answer End()
    {
        Assert.True(process.WaitForExit(Patience));
        Task.WaitAll(reading, complaining);
        return new(process.ExitCode, Text(lines), Text(complaints));

        static string Text(List<string> said) => string.Concat(said.Select(line => line + "\n"));
    }

    public void Dispose()
    {
        if (!process.HasExited)
            process.Kill(entireProcessTree: true);
        process.Dispose();
    }

    private static string SystemCall(string thread)
    {
        try
        {
            return File.ReadAllText(Path.Combine(thread, "syscall")).Split(' ')[0];
        }
        catch (IOException)
        {
            return ""; // it has ended
        }
        catch (UnauthorizedAccessException)
        {
            return "1"; // it may not be asked, and is believed
        }
    }

    private static bool IsAtWork(int id)
    {
        try
        {
            return !File.ReadAllText($"/proc/{id}/stat").Contains(") Z ", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static bool Has(List<string> said, string words)
    {
        lock (said)
            return said.Exists(line => line.Contains(words, StringComparison.Ordinal));
    }

    private static void Read(StreamReader from, List<string> said)
    {
        while (from.ReadLine() is { } line)
        {
            lock (said)
                said.Add(line);
        }
    }
}
