using Bench.Experiments.Planning;
using Bench.Results.Runs;

namespace Bench.Cli.Work;

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
