using Bench.Experiments.Planning;

namespace Bench.Cli.Display;

/// <summary>What a run is called while it is at work.</summary>
internal static class RunLabel
{
    // Of a swept key its last name is enough: the others are the experiment's.
    public static string Of(PlannedRun run) =>
        $"{run.Spec.Experiment} {run.Spec.Method.Name}{string.Concat(run.Spec.Varied.Select(varied => $" {varied.ToString()[(varied.Key.LastIndexOf('.') + 1)..]}"))} seed {run.Spec.Seed}";
}
