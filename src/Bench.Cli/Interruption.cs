using System.Runtime.InteropServices;
using System.Text;
using Bench.Results.Files;

namespace Bench.Cli;

/// <summary>
/// Turns the first Ctrl-C (SIGTERM, SIGHUP, SIGUSR1) into a request to write a checkpoint and end; the second ends the process at once.
/// Work that ignores the request and is no run is ended a moment later.
/// </summary>
internal sealed class Interruption : IDisposable
{
    /// <summary>What is printed while a run is stopping.</summary>
    public const string Message = "stopping after the step in progress; Ctrl-C again stops at once";

    // Linux's number of SIGUSR1. What started several ranks hands it on to them as it is, while on the others it kills them a moment later.
    private const PosixSignal User1 = (PosixSignal)10;

    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(2), Glance = TimeSpan.FromMilliseconds(100);
    private static readonly PosixSignal[] Asked = [PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP, User1];

    private readonly CancellationTokenSource stop = new();
    private readonly CancellationTokenSource now = new();
    private readonly ManualResetEventSlim over = new();
    private readonly PosixSignalRegistration[] signals;
    private int runs;

    public Interruption() => signals = [.. Asked.Select(signal => PosixSignalRegistration.Create(signal, Handle))];

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Token => stop.Token;

    /// <summary>Cancelled by the second one, just before the process ends.</summary>
    public CancellationToken Now => now.Token;

    /// <summary>Begins something that heeds the request in its own time, since it has work to save.</summary>
    /// <returns>To be disposed when it is done.</returns>
    public IDisposable Save()
    {
        Interlocked.Increment(ref runs);
        return new Saving(this);
    }

    public void Dispose()
    {
        over.Set();
        foreach (var signal in signals)
            signal.Dispose();
        stop.Dispose();
        now.Dispose();
    }

    private void Handle(PosixSignalContext context)
    {
        context.Cancel = true;
        if (stop.IsCancellationRequested)
        {
            now.Cancel();
            ProcessEnd.Now(ExitCodes.Interrupted);
        }

        // First of all: what is asked to stop may also take its time over that.
        new Thread(Watch) { IsBackground = true }.Start();
        try
        {
            stop.Cancel();
        }
        catch (AggregateException)
        {
            // A handler failed, as where the output is closed. All others have been called.
        }
    }

    private void Watch()
    {
        for (var left = Grace; left > TimeSpan.Zero; left = Volatile.Read(ref runs) > 0 ? Grace : left - Glance)
        {
            if (over.Wait(Glance))
                return;
        }

        // The reader of standard error may have stopped reading, and the thread that waits for that holds it.
        Task.Run(() => Console.Error.WriteLine("Interrupted.")).Wait(Glance);
        ProcessEnd.Now(ExitCodes.Interrupted);
    }

    private sealed class Saving(Interruption interruption) : IDisposable
    {
        public void Dispose() => Interlocked.Decrement(ref interruption.runs);
    }
}

/// <summary>
/// Writes as another writer does, and waits for as long as its reader takes. Once the program is asked to end it waits a moment: what a
/// full pipe or a stopped terminal does not take by then is lost, and the end of a run does not wait for it.
/// </summary>
/// <param name="inner">Takes the text; a call of it may block.</param>
/// <param name="stop">Cancelled when the program is asked to end.</param>
internal sealed class StoppableWriter(TextWriter inner, CancellationToken stop) : TextWriter(inner.FormatProvider)
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

    private readonly Lock guard = new();
    private Task writing = Task.CompletedTask;

    public override Encoding Encoding => inner.Encoding;

    [System.Diagnostics.CodeAnalysis.AllowNull]
    public override string NewLine { get => inner.NewLine; set => inner.NewLine = value; }

    public override void Write(char value) => Do(() => inner.Write(value));

    public override void Write(string? value) => Do(() => inner.Write(value));

    public override void Write(char[] buffer, int index, int count) => Write(new string(buffer, index, count));

    public override void Write(ReadOnlySpan<char> buffer) => Write(buffer.ToString());

    public override void WriteLine(string? value) => Do(() => inner.WriteLine(value));

    public override void WriteLine() => Do(inner.WriteLine);

    public override void Flush() => Do(inner.Flush);

    // On a thread that is left behind where the reader takes nothing any more; the end of the process does not wait for it.
    private void Do(Action write)
    {
        lock (guard)
        {
            if (!writing.IsCompleted)
                return;
            writing = Task.Run(write);
            try
            {
                Task.WaitAny([writing], stop);
            }
            catch (OperationCanceledException)
            {
                Task.WaitAny([writing], Grace);
            }

            if (writing.IsCompleted)
                writing.GetAwaiter().GetResult();
        }
    }
}
