using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Bench.Results.Files;

/// <summary>Ends the process at once, whatever its threads do, and leaves neither temporary files nor child processes behind.</summary>
public static partial class ProcessEnd
{
    private static readonly Lock Guard = new();
    private static readonly List<Action> Pending = [];

    /// <summary>Has something done if the process ends at once: a temporary file deleted, a child process killed.</summary>
    /// <param name="action">What is done, on another thread. It may fail.</param>
    /// <returns>To be disposed when it is not needed any more.</returns>
    public static IDisposable Before(Action action)
    {
        lock (Guard)
            Pending.Add(action);
        return new Entry(action);
    }

    /// <summary>Does what is pending, the newest first, and ends the process.</summary>
    /// <param name="code">The exit code.</param>
    public static void Now(int code)
    {
        Action[] pending;
        lock (Guard)
            pending = [.. Pending];
        foreach (var action in pending.Reverse())
            Try(action);
        if (OperatingSystem.IsWindows())
            Environment.Exit(code);
        // No orderly exit: it takes down libraries under threads that compute with them.
        Exit(code);
    }

    private static void Try(Action action)
    {
        try
        {
            action();
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException
            or InvalidOperationException or Win32Exception or AggregateException)
        {
            // A file that is deleted already, a process that has ended. Whatever fails, the others are still to be done.
        }
    }

    [LibraryImport("libc", EntryPoint = "_exit")]
    private static partial void Exit(int code);

    private sealed class Entry(Action action) : IDisposable
    {
        public void Dispose()
        {
            lock (Guard)
                Pending.Remove(action);
        }
    }
}
