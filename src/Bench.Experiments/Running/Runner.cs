
using System.Globalization;
using System.Runtime.InteropServices;
using Bench.Data;
using Bench.Experiments.Definitions;
using Bench.Experiments.Machine;
using Bench.Experiments.Planning;
using Bench.Kernels;
using Bench.Results;
using Bench.Results.Metrics;
using Bench.Results.Runs;
using TorchSharp;

namespace Bench.Experiments.Running;

/// <summary>Carries out runs, one at a time.</summary>
/// <param name="library">Where corpora come from.</param>
/// <param name="store">Where results go.</param>
/// <param name="clock">The date and the time that runs take.</param>
public sealed class Runner(DataLibrary library, RunStore store, TimeProvider clock) : IDisposable
{
    /// <summary>Bytes that are free where a folder lies.</summary>
    public Func<string, long> FreeBytes { get; init; } = folder => MachineLimits.Of(folder).FreeDisk;

    /// <summary>Leads other processes that train along; null for a process alone.</summary>
    public RankLeader? Ranks { get; init; }

    private (string Of, ScorerSet Scorers)? scorers; // of the run before: most runs of a plan are scored by the same

    /// <summary>
    /// Carries out a run from wherever it stands: a finished one is left alone, an interrupted one goes on from its last checkpoint, a
    /// failed one stays failed unless it is to be tried again, and one that another process holds is left to it: then the status says that
    /// it waits, and the call may be repeated.
    /// </summary>
    /// <param name="run">The run.</param>
    /// <param name="observer">Notified of progress.</param>
    /// <param name="retry">Try a failed run again.</param>
    /// <param name="stop">Interrupts it: it writes a checkpoint and can go on later.</param>
    /// <returns>
    /// How it stands now. A failure of the run itself is recorded and returned; running, with a reason, means that it did not end.
    /// </returns>
    /// <exception cref="SuiteException">
    /// The environment failed rather than the run: a disk that is too small, a disk that is full or read-only, a damaged checkpoint, no
    /// libtorch, a text too short. Nothing of that is recorded; once it is mended the same call goes on.
    /// </exception>
    public RunStatus Run(PlannedRun run, IRunObserver observer, bool retry = false, CancellationToken stop = default)
    {
        Ranks?.RequireWhole();
        using var folder = RunFolder.TryOpen(run.Folder);
        if (folder is null)
            return Waits(run, observer, "another process is at work on this run");
        if (folder.Status is { } status && (status.State == RunState.Finished || (status.State == RunState.Failed && !retry)))
            return Ended(run, observer, status);
        using var log = folder.Log(clock);
        try
        {
            return CarryOut(run, folder, observer, log, stop);
        }
        catch (Exception refused)
        {
            log.Add($"stopped by an environment error; run state unchanged: {refused}");
            throw;
        }
    }

    /// <summary>Records the failure of a run whose process was ended from outside.</summary>
    /// <returns>
    /// How it stands now: another process may have taken it over, and it may have finished just before its process ended.
    /// </returns>
    public RunStatus Fail(PlannedRun run, string reason)
    {
        using var folder = RunFolder.TryOpen(run.Folder);
        if (folder is null)
            return new(RunState.Running, "another process is at work on this run") { Waits = true };
        if (folder.Status is { State: not RunState.Running } ended)
            return ended;
        using var data = run.Spec.Data.Open(library);
        folder.Fail(run.Spec.Definition(data.Hash), reason, folder.Status?.Seconds ?? 0);
        using var log = folder.Log(clock);
        log.Add($"failed: {reason}");
        return folder.Status!;
    }

    /// <inheritdoc/>
    public void Dispose() => scorers?.Scorers.Dispose();

    private ScorerSet ScorersOf(RunSpec spec, Dataset data)
    {
        string of =
            $"{data.Hash} {spec.Data.Length} {spec.Evaluation.Sequences} {string.Join(',', spec.Sampling.Scorers)} "
                + $"{spec.Scorer?.Definition(data.Hash).Canonical}";
        if (scorers?.Of == of)
            return scorers.Value.Scorers;
        scorers?.Scorers.Dispose();
        scorers = null;
        scorers = (of, ScorerSet.Of(spec, data, store, library));
        return scorers.Value.Scorers;
    }

    private RunStatus CarryOut(PlannedRun run, RunFolder folder, IRunObserver observer, RunLog log, CancellationToken stop)
    {
        using var data = run.Spec.Data.Open(library);
        var definition = run.Spec.Definition(data.Hash);
        if (store.FolderOf(definition) != run.Folder)
            throw new SuiteException($"the corpus {run.Spec.Data.Corpus} has changed since this run was planned",
                run.ToPlanAnew);

        if (ScorerSet.Lacks(run.Spec, data, store) is { } lack)
            return Ended(run, observer, new(RunState.Running, lack, folder.Status?.Seconds ?? 0));
        CheckRoom(run);
        observer.Began(run);
        RunContext.CheckZeroShot(run.Spec, library);
        PublishedEvaluation.Check(run.Spec, library);
        PeakMemory.Restart();
        var watch = new RunWatch(clock, folder.Status?.Seconds ?? 0);
        var logged = new LoggingObserver(observer, log);
        using var prepared = Running.Run.Of(
            new RunContext(run, data, folder, store, logged, watch, new(() => ScorersOf(run.Spec, data)), library, stop) { Ranks = Ranks });
        var place = Place(prepared.Engine);
        log.Add(
            $"{(Checkpoints.NewestStep(run.Folder) is { } step ? $"goes on after step {step}" : "starts")}: host "
                + $"{Environment.MachineName}, process {Environment.ProcessId}, "
            + $"{place.Threads} threads, commit {place.Commit}, {place.Dotnet}, libtorch {place.Libtorch}");
        folder.Begin(definition, place);
        var status = Execute(prepared, folder, watch, log, stop);
        log.Add(
            $"{(status.State == RunState.Running ? "interrupted" : status.State.ToString().ToLowerInvariant())} after "
                + $"{status.Seconds:0.0} s in all{(status.Reason is { } reason ? $": {reason}" : "")}");
        return Ended(run, observer, status);
    }

    // The disk had room for it when it was planned, but others write there too.
    private void CheckRoom(PlannedRun run)
    {
        var ahead = RunCost.Of(run.Spec, run.Text).Beyond(Checkpoints.Bytes(run.Folder));
        if (new Misfits(new(long.MaxValue, FreeBytes(run.Folder))).Of([(run.Spec, ahead)], store.Root, jobs: 1) is [var lack, ..])
            throw new SuiteException($"{lack.Where}: {lack.What}", $"{lack.Fix} Nothing is lost, the same command goes on.");
    }

    private static RunStatus Ended(PlannedRun run, IRunObserver observer, RunStatus status)
    {
        observer.Ended(run, status);
        return status;
    }

    private static RunStatus Waits(PlannedRun run, IRunObserver observer, string why)
    {
        observer.Waits(run, why);
        return new(RunState.Running, why) { Waits = true };
    }

    private static RunStatus Execute(Run prepared, RunFolder folder, RunWatch watch, RunLog log, CancellationToken stop)
    {
        try
        {
            List<Metric> metrics = [.. prepared.Execute()];
            metrics.Add(TrainingMetrics.PeakMemory.Row(Splits.None, PeakMemory.Mebibytes, protocol: "peak resident memory of the process"));
            metrics.Add(
                TrainingMetrics.WallTime.Row(Splits.None, watch.Seconds, protocol: "training, evaluation and sampling, over all restarts"));
            folder.Write(metrics);
            // the final weights; before the run counts as finished, since a finished run is not opened again
            new Checkpoints(folder.Folder).Prune(kept: 1);
            folder.Finish(watch.Seconds);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            folder.Write(new RunStatus(RunState.Running, Seconds: watch.Seconds));
            return new(RunState.Running, "interrupted; the same command goes on", watch.Seconds);
        }
        catch (Exception failure) when (ReasonOf(failure) is { } reason)
        {
            log.Add(failure.ToString());
            folder.Fail(reason, watch.Seconds);
        }

        return folder.Status!;
    }

    // Null where the environment failed rather than the run.
    private static string? ReasonOf(Exception failure) => failure switch
    {
        SuiteException { InnerException: IOException or UnauthorizedAccessException } => null,
        SuiteException known => $"{known.Message.TrimEnd('.')}. {known.Fix}",
        _ when Engine.IsOutOfMemory(failure) =>
            "Memory ran out. Lower training.batch-size, data.length or model.width, or use a larger machine and try again.",
        ExternalException refused => $"libtorch refused a call: {refused.Message}",
        _ => null,
    };

    private EnvironmentRecord Place(ComputeEngine engine) =>
        EnvironmentRecord.Capture(clock, AppContext.BaseDirectory, engine.Libtorch, engine.Device, engine.Threads);
}

/// <summary>Writes the events of a run to its log: stages as they begin, and validations.</summary>
/// <param name="inner">The observer.</param>
/// <param name="log">The log.</param>
internal sealed class LoggingObserver(IRunObserver inner, RunLog log) : IRunObserver
{
    private string? stage;

    /// <inheritdoc/>
    public void Began(PlannedRun run) => inner.Began(run);

    /// <inheritdoc/>
    public void Stage(PlannedRun run, string stage, double done)
    {
        if (stage != this.stage)
            log.Add($"{stage} begins");
        this.stage = stage;
        inner.Stage(run, stage, done);
    }

    /// <inheritdoc/>
    public void Trained(PlannedRun run, TrainingPoint point, long steps)
    {
        if (point.ValidationBits is { } bits)
            log.Add(
                string.Create(CultureInfo.InvariantCulture,
                    $"step {point.Step} of {steps}: loss {point.Loss:0.0000} nats a token, validation {bits:0.0000} bits, "
                        + $"{point.TokensPerSecond:0} tokens/s"));
        inner.Trained(run, point, steps);
    }

    /// <inheritdoc/>
    public void Ended(PlannedRun run, RunStatus status) => inner.Ended(run, status);
}
