using Bench.Experiments.Planning;
using Bench.Experiments.Running;
using Bench.Results.Runs;

namespace Bench.Cli.Work;

/// <summary>Remembers how runs ended, for the last words of a campaign.</summary>
/// <param name="told">Another observer.</param>
/// <param name="ends">Takes the ends.</param>
internal sealed class EndKeeper(IRunObserver told, IDictionary<PlannedRun, RunStatus> ends) : IRunObserver
{
    public void Began(PlannedRun run) => told.Began(run);

    public void Waits(PlannedRun run, string why) => told.Waits(run, why);

    public void Stage(PlannedRun run, string stage, double done) => told.Stage(run, stage, done);

    public void Trained(PlannedRun run, TrainingPoint point, long steps) => told.Trained(run, point, steps);

    public void Ended(PlannedRun run, RunStatus status)
    {
        ends[run] = status;
        told.Ended(run, status);
    }
}
