using System.Collections.Concurrent;
using Bench.Experiments.Planning;
using Bench.Experiments.Running;
using Bench.Results;
using Bench.Results.Runs;

namespace Bench.Cli.Work;

/// <summary>Several runs at once, each in a process of its own: one that is killed takes no other with it.</summary>
/// <param name="environment">Asks to stop.</param>
/// <param name="runner">Records failures of processes that cannot do so themselves any more.</param>
/// <param name="orders">How such a process is started.</param>
/// <param name="jobs">How many at once.</param>
internal sealed class ParallelScheduler(CliEnvironment environment, Runner runner, WorkerOrders orders, int jobs) : IRunScheduler
{
    private const int Tries = 3; // of a run whose processes end for no known fault of its own
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(200);

    private readonly Dictionary<string, int> losses = new(StringComparer.Ordinal); // by run
    private readonly BlockingCollection<WorkerNews> news = []; // without a limit: no pipe is ever full for long
    private readonly List<Worker> workers = [];
    private SuiteException? refusal;
    private bool stopping;

    /// <inheritdoc/>
    public void CarryOut(RunQueue queue, IRunObserver observer)
    {
        using var saving = environment.Save();
        using var kill = environment.StopNow.Register(() => Array.ForEach([.. workers], worker => worker.Kill()));
        try
        {
            long tried = environment.Clock.GetTimestamp();
            while (!queue.IsDone)
            {
                if (environment.Stop.IsCancellationRequested || refusal is not null)
                    StopAll();
                if (!stopping)
                    HandOut(queue);
                if (stopping && workers.TrueForAll(worker => worker.Current is null))
                    break;
                if (news.TryTake(out var said, Glance))
                    Take(said, queue, observer);
                if (environment.Clock.GetElapsedTime(tried) < environment.Patience)
                    continue;
                queue.TryAgain();
                tried = environment.Clock.GetTimestamp();
            }
        }
        finally
        {
            StopAll();
            workers.ForEach(worker => worker.Dispose());
            news.Dispose();
        }

        if (refusal is not null)
            throw refusal;
    }

    private void HandOut(RunQueue queue)
    {
        // A scorer has the cores to itself: most of a plan waits for it. Plans begin with their scorers.
        while (workers.Count(worker => worker.Current is not null) < jobs
            && !workers.Exists(worker => worker.TrainsScorer && worker.Current is not null)
            && queue.Take() is { } run)
        {
            bool isScorer = queue.IsAwaited(run);
            var idle = workers.Find(worker => worker.Current is null && worker.TrainsScorer == isScorer);
            if (idle is null)
                workers.Add(idle = new Worker(orders, news.Add, isScorer));
            idle.Begin(run);
        }
    }

    private void Take(WorkerNews said, RunQueue queue, IRunObserver observer)
    {
        var (worker, happened) = said;
        if (happened is null)
        {
            workers.Remove(worker);
            if (worker.Current is { } lost)
                Lose(worker, lost, queue, observer);
            worker.Dispose();
            return;
        }

        if (happened.Problem is { } problem)
            refusal ??= new SuiteException(problem, happened.Fix ?? "");
        if (worker.Current is not { } run || happened.Run != run.Id)
            return;
        worker.HasBegun |= happened.Began;
        happened.Report(run, observer);
        if (happened.Status is not { } status)
            return;
        worker.Current = null;
        if (worker.TrainsScorer)
            worker.Stop();
        queue.Return(run, status with { Waits = happened.Waits });
    }

    // Its process has ended in the middle of the run.
    private void Lose(Worker worker, PlannedRun run, RunQueue queue, IRunObserver observer)
    {
        worker.Current = null;
        bool ends = stopping || refusal is not null || environment.Stop.IsCancellationRequested;
        int tries = losses[run.Id] = losses.GetValueOrDefault(run.Id) + 1;
        var status = ends ? new RunStatus(RunState.Running, "stopped; the same command goes on")
            : tries < Tries && (worker.WasAskedToEnd || !worker.HasBegun)
                ? new RunStatus(RunState.Running, "its process has ended; another one goes on") { Waits = true }
            : runner.Fail(run, worker.Epitaph);
        queue.Return(run, status);
        if (!status.Waits)
            observer.Ended(run, status);
    }

    private void StopAll()
    {
        if (!stopping)
            workers.ForEach(worker => worker.Stop());
        stopping = true;
    }
}
