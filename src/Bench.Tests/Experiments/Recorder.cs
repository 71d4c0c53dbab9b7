using Bench.Experiments.Planning;
using Bench.Experiments.Running;
using Bench.Results.Runs;

namespace Bench.Tests.Experiments;

/// <summary>Remembers what it is told, and does something at a step.</summary>
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
