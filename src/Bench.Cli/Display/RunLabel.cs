using Bench.Experiments;

namespace Bench.Cli.Display;

/// <summary>What a run is called while it is at work.</summary>
internal static class RunLabel
{
    public static string Of(PlannedRun run) => $"{run.Spec.Experiment} {run.Spec.Method.Name} seed {run.Spec.Seed}";
}
