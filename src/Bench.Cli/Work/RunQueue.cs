using Bench.Experiments.Planning;
using Bench.Results.Runs;

namespace Bench.Cli.Work;

/// <summary>
/// What is left of a plan, and what of it can begin now: runs that are scored wait for their scorer, and runs that another process holds
/// are tried again later.
/// </summary>
/// <param name="due">Runs to do, in the order of the plan.</param>
internal sealed class RunQueue(IEnumerable<PlannedRun> due)
{
    private readonly List<PlannedRun> ahead = [.. due];
    private readonly List<PlannedRun> waiting = [];
    private readonly List<PlannedRun> atWork = [];

    /// <summary>Nothing is left, and nothing is at work.</summary>
    public bool IsDone => ahead.Count + waiting.Count + atWork.Count == 0;

    /// <summary>Takes the first run that can begin; null where none can now.</summary>
    public PlannedRun? Take()
    {
        var next = ahead.Find(run => run.Scorer is null || !ahead.Concat(waiting).Concat(atWork).Any(other => other.Id == run.Scorer));
        if (next is null)
            return null;
        ahead.Remove(next);
        atWork.Add(next);
        return next;
    }

    /// <summary>Whether others cannot begin before a run has ended, since it scores them.</summary>
    public bool IsAwaited(PlannedRun scorer) => ahead.Concat(waiting).Any(run => run.Scorer == scorer.Id);

    /// <summary>Takes note of how a run ended, or that it is to be tried again later.</summary>
    public void Return(PlannedRun run, RunStatus status)
    {
        atWork.Remove(run);
        if (status.Waits)
            waiting.Add(run);
    }

    /// <summary>Lets what was held by other processes be tried again.</summary>
    public void TryAgain()
    {
        ahead.InsertRange(0, waiting);
        waiting.Clear();
    }
}

/// <summary>How long a plan takes where several runs are at work at once, in the order in which they would begin.</summary>
internal static class MakespanEstimate
{
    /// <summary>Seconds from the first to the end of the last.</summary>
    /// <param name="due">Runs to do, in the order of the plan.</param>
    /// <param name="jobs">
    /// How many are at work at once. A scorer that others wait for begins beside others and lets none begin beside it, as in
    /// <see cref="ParallelScheduler"/>.
    /// </param>
    /// <param name="seconds">How long each takes.</param>
    public static double Of(IEnumerable<PlannedRun> due, int jobs, Func<PlannedRun, double> seconds)
    {
        var queue = new RunQueue(due);
        var ends = new PriorityQueue<PlannedRun, double>();
        PlannedRun? scorer = null;
        double now = 0;
        while (!queue.IsDone)
        {
            while (ends.Count < jobs && scorer is null && queue.Take() is { } run)
            {
                ends.Enqueue(run, now + seconds(run));
                scorer = queue.IsAwaited(run) ? run : null;
            }

            ends.TryDequeue(out var ended, out now);
            scorer = ended == scorer ? null : scorer;
            queue.Return(ended!, new RunStatus(RunState.Finished));
        }

        return now;
    }
}
