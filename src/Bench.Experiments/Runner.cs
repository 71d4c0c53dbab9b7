using Bench.Data;
using Bench.Experiments.Running;
using Bench.Results;
using TorchSharp;

namespace Bench.Experiments;

/// <summary>Carries out runs, one at a time.</summary>
/// <param name="library">Where corpora come from.</param>
/// <param name="store">Where results go.</param>
/// <param name="clock">The date and the time that runs take.</param>
public sealed class Runner(DataLibrary library, RunStore store, TimeProvider clock) : IDisposable
{
    private (string Of, Panel Panel)? _panel; // of the run before: most runs of a plan are judged by the same

    /// <summary>
    /// Carries out a run from wherever it stands: a finished one is left alone, an interrupted one goes on from its last checkpoint, a failed one stays
    /// failed unless it is to be tried again, and one that another process holds is left to it.
    /// </summary>
    /// <param name="run">The run.</param>
    /// <param name="observer">Told of progress.</param>
    /// <param name="retry">Try a failed run again.</param>
    /// <param name="stop">Interrupts it: it writes a checkpoint and can go on later.</param>
    /// <returns>How it stands now. A failure of the run itself is recorded and returned; running, with a reason, means that it did not end.</returns>
    /// <exception cref="SuiteException">
    /// The place failed rather than the run: a disk that is full or read-only, a damaged checkpoint, no libtorch, a text too short. Nothing of that is recorded; once it is mended
    /// the same call goes on.
    /// </exception>
    public RunStatus Run(PlannedRun run, IRunObserver observer, bool retry = false, CancellationToken stop = default)
    {
        observer.Began(run);
        var status = CarryOut(run, observer, retry, stop);
        observer.Ended(run, status);
        return status;
    }

    /// <inheritdoc/>
    public void Dispose() => _panel?.Panel.Dispose();

    private Panel PanelOf(RunSpec spec, Dataset data)
    {
        string of = $"{data.Hash} {spec.Data.Length} {spec.Evaluation.Sequences} {string.Join(',', spec.Sampling.Judges)} {spec.Judge?.Definition(data.Hash).Canonical}";
        if (_panel?.Of == of)
            return _panel.Value.Panel;
        _panel?.Panel.Dispose();
        _panel = null;
        _panel = (of, Panel.Of(spec, data, store, library));
        return _panel.Value.Panel;
    }

    private RunStatus CarryOut(PlannedRun run, IRunObserver observer, bool retry, CancellationToken stop)
    {
        using var folder = RunFolder.TryOpen(run.Folder);
        if (folder is null)
            return new(RunState.Running, "another process is at work on this run; it was left alone");
        if (folder.Status is { } status && (status.State == RunState.Finished || (status.State == RunState.Failed && !retry)))
            return status;

        using var data = run.Spec.Data.Open(library);
        var definition = run.Spec.Definition(data.Hash);
        if (store.FolderOf(definition) != run.Folder)
            throw new SuiteException($"the corpus {run.Spec.Data.Corpus} has changed since this run was planned", "Run the same command again: it plans anew.");

        if (Panel.Lacks(run.Spec, data, store) is { } lack)
            return new(RunState.Running, lack, folder.Status?.Seconds ?? 0);
        RunContext.CheckZeroShot(run.Spec, library);
        PeakMemory.Restart();
        var watch = new RunWatch(clock, folder.Status?.Seconds ?? 0);
        using var prepared = Procedure.Of(run.Spec.Method).Prepare(new RunContext(run, data, folder, store, observer, watch, new(() => PanelOf(run.Spec, data)), library, stop));
        folder.Begin(definition, Place(prepared.Engine));
        return Execute(prepared, folder, watch, stop);
    }

    private static RunStatus Execute(Run prepared, RunFolder folder, RunWatch watch, CancellationToken stop)
    {
        try
        {
            List<Metric> metrics = [.. prepared.Execute()];
            metrics.Add(new(MetricNames.PeakMemory, Splits.None, Units.Mebibytes, PeakMemory.Mebibytes, Protocol: "peak resident memory of the process"));
            metrics.Add(new(MetricNames.WallTime, Splits.None, Units.Seconds, watch.Seconds, Protocol: "training, evaluation and sampling, over all restarts"));
            folder.Write(metrics);
            folder.Finish(watch.Seconds);
            new Checkpoints(folder.Folder).Prune(kept: 1); // the final weights; there is nothing left to go back to
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            folder.Write(new RunStatus(RunState.Running, Seconds: watch.Seconds));
            return new(RunState.Running, "interrupted; the same command goes on", watch.Seconds);
        }
        catch (SuiteException failure) when (failure.InnerException is not (IOException or UnauthorizedAccessException))
        {
            folder.Fail($"{failure.Message.TrimEnd('.')}. {failure.Fix}", watch.Seconds);
        }
        catch (Exception failure) when (TorchEnvironment.IsOutOfMemory(failure))
        {
            folder.Fail("Memory ran out. Lower training.batch-size, data.length or model.width, or use a larger machine and try again.", watch.Seconds);
        }
        catch (TorchException failure)
        {
            folder.Fail($"libtorch refused a call: {failure.Message}", watch.Seconds);
        }

        return folder.Status!;
    }

    private EnvironmentRecord Place(ComputeEngine engine) =>
        EnvironmentRecord.Capture(clock, AppContext.BaseDirectory, engine.Libtorch, engine.Device, engine.Threads);
}
