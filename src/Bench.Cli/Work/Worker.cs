using System.ComponentModel;
using System.Diagnostics;
using Bench.Experiments.Planning;
using Bench.Results;

namespace Bench.Cli.Work;

/// <summary>
/// A process that carries out runs, seen from the one that started it. It ends when its input is closed, and so when this process ends,
/// however it ends.
/// </summary>
internal sealed class Worker : IDisposable
{
    private const int Signal = 128; // Beyond it an exit code is a signal's number, as shells count.
    private const int LastWords = 5;

    private readonly Process process;
    private readonly Thread reader;
    private readonly Queue<string> said = [];

    /// <summary>Starts it.</summary>
    /// <param name="orders">What for.</param>
    /// <param name="report">Given what it says, from another thread.</param>
    /// <param name="trainsScorer">Whether it is for a scorer alone.</param>
    /// <exception cref="SuiteException">It cannot be started.</exception>
    public Worker(WorkerOrders orders, Action<WorkerNews> report, bool trainsScorer)
    {
        TrainsScorer = trainsScorer;
        try
        {
            process = Process.Start((trainsScorer ? orders.OfScorer : orders).Start())!;
        }
        catch (Win32Exception refused)
        {
            throw new SuiteException(
                $"no process can be started for a run: {refused.Message}", "Run without --jobs, or free some memory.", refused);
        }

        process.ErrorDataReceived += (_, line) => Hear(line.Data);
        process.BeginErrorReadLine();
        reader = new Thread(() => Read(report)) { IsBackground = true };
        reader.Start();
    }

    /// <summary>Whether it is for a scorer alone.</summary>
    public bool TrainsScorer { get; }

    /// <summary>The run at work; null while it has nothing to do.</summary>
    public PlannedRun? Current { get; set; }

    /// <summary>Whether that run has begun: before it has, what ends the process is not the run's.</summary>
    public bool HasBegun { get; set; }

    /// <summary>
    /// Whether it ended on request: with a checkpoint written, or before it could begin anything. Waits for its end.
    /// </summary>
    public bool WasAskedToEnd
    {
        get
        {
            process.WaitForExit();
            return process.ExitCode is ExitCodes.Interrupted or Signal + 2 or Signal + 15;
        }
    }

    /// <summary>Why it ended, as text.</summary>
    public string Epitaph
    {
        get
        {
            process.WaitForExit();
            string last;
            lock (said)
                last = said.Count == 0 ? "" : $" Its last output: {string.Join(" | ", said)}.";
            return process.ExitCode switch
            {
                Signal + 9 =>
                    "its process was killed (signal 9), as a system does that runs out of memory. Lower training.batch-size, "
                        + "data.length or model.width, or run fewer --jobs at once; then add --retry."
                        + last,
                > Signal =>
                    $"its process was ended by signal {process.ExitCode - Signal}. Run it alone, without --jobs; then add --retry." + last,
                _ =>
                    $"its process ended with exit code {process.ExitCode} before the run did. Run it alone, without --jobs; then "
                        + "add --retry."
                        + last,
            };
        }
    }

    /// <summary>Gives it a run.</summary>
    public void Begin(PlannedRun run)
    {
        (Current, HasBegun) = (run, false);
        try
        {
            process.StandardInput.WriteLine(run.ToJson());
            process.StandardInput.Flush();
        }
        catch (IOException)
        {
            // It has just ended; that it did is news which comes by the other pipe.
        }
    }

    /// <summary>Asks it to write a checkpoint and end.</summary>
    public void Stop()
    {
        try
        {
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It has ended already.
        }
    }

    /// <summary>Ends it at once.</summary>
    public void Kill()
    {
        try
        {
            process.Kill();
        }
        catch (Exception gone) when (gone is InvalidOperationException or Win32Exception)
        {
            // It has ended already.
        }
    }

    /// <summary>Waits for its end.</summary>
    public void Dispose()
    {
        Stop();
        process.WaitForExit();
        reader.Join();
        process.Dispose();
    }

    private void Read(Action<WorkerNews> report)
    {
        while (process.StandardOutput.ReadLine() is { } line)
        {
            if (WorkEvent.Parse(line) is { } happened)
                report(new(this, happened));
        }

        report(new(this, null));
    }

    private void Hear(string? line)
    {
        if (string.IsNullOrWhiteSpace(line))
            return;
        lock (said)
        {
            said.Enqueue(line.Trim());
            if (said.Count > LastWords)
                said.Dequeue();
        }
    }
}

/// <summary>An event from a worker; null when there will be no more.</summary>
internal readonly record struct WorkerNews(Worker Worker, WorkEvent? Happened);
