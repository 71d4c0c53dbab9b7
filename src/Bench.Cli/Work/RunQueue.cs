using Bench.Experiments.Planning;
using Bench.Results.Runs;

namespace Bench.Cli.Work;

/// <summary>
/// What is left of a plan, and what of it can begin now: runs that are scored wait for their scorer, and runs that another process holds are tried
/// again later.
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
