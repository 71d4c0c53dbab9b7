using System.Runtime.InteropServices;

namespace Bench.Cli;

/// <summary>Turns the first Ctrl-C (or SIGTERM) into a request to write a checkpoint and end; the second ends the process at once.</summary>
internal sealed class Interruption : IDisposable
{
    /// <summary>What to tell those who wait for the end.</summary>
    public const string Words = "stopping after the step in progress; Ctrl-C again stops at once";

    private readonly CancellationTokenSource stop = new();
    private readonly CancellationTokenSource now = new();
    private readonly PosixSignalRegistration[] signals;

    public Interruption() => signals = [.. new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM }.Select(signal => PosixSignalRegistration.Create(signal, Handle))];

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Token => stop.Token;

    /// <summary>Cancelled by the second one, just before the process ends.</summary>
    public CancellationToken Now => now.Token;

    public void Dispose()
    {
        foreach (var signal in signals)
            signal.Dispose();
        stop.Dispose();
        now.Dispose();
    }

    private void Handle(PosixSignalContext context)
    {
        if (stop.IsCancellationRequested)
        {
            now.Cancel();
            return; // The system's own handling ends the process.
        }

        context.Cancel = true;
        stop.Cancel();
    }
}
