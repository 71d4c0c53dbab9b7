using Bench.Experiments.Planning;
using Bench.Experiments.Running;
using Bench.Results.Runs;

namespace Bench.Tests.Experiments;

/// <summary>Records notifications, and calls back at each training point.</summary>
internal sealed class Recorder(Action<TrainingPoint>? trained = null) : IRunObserver
{
    public List<string> Stages { get; } = [];

    public List<TrainingPoint> Points { get; } = [];

    public List<RunStatus> Ends { get; } = [];

    public void Began(PlannedRun run)
    {
    }

    public void Stage(PlannedRun run, string stage, double done) => Stages.Add(stage);

    public void Trained(PlannedRun run, TrainingPoint point, long steps)
    {
        Points.Add(point);
        trained?.Invoke(point);
    }

    public void Ended(PlannedRun run, RunStatus status) => Ends.Add(status);
}
