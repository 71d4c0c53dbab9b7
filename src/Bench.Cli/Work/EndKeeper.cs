using Bench.Experiments.Planning;
using Bench.Experiments.Running;
using Bench.Results.Runs;

namespace Bench.Cli.Work;

/// <summary>Remembers how runs ended, for the summary of a campaign.</summary>
/// <param name="inner">Another observer.</param>
/// <param name="ends">Takes the ends.</param>
internal sealed class EndKeeper(IRunObserver inner, IDictionary<PlannedRun, RunStatus> ends) : IRunObserver
{
    public void Began(PlannedRun run) => inner.Began(run);

    public void Waits(PlannedRun run, string why) => inner.Waits(run, why);

    public void Stage(PlannedRun run, string stage, double done) => inner.Stage(run, stage, done);

    public void Trained(PlannedRun run, TrainingPoint point, long steps) => inner.Trained(run, point, steps);

    public void Ended(PlannedRun run, RunStatus status)
    {
        ends[run] = status;
        inner.Ended(run, status);
    }
}
