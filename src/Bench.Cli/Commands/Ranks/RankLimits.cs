using System.Collections.Immutable;
using Bench.Cli.Display;
using Bench.Experiments.Planning;
using Bench.Results;

namespace Bench.Cli.Commands.Ranks;

/// <summary>What several ranks cannot do together.</summary>
internal static class RankLimits
{
    /// <summary>Problems of what is left to do: several runs at once, or batches with fewer sequences than there are ranks.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="ranks">How many train each run.</param>
    /// <param name="retry">Whether failed runs are tried again.</param>
    /// <param name="jobs">How many runs are at work at once.</param>
    public static ImmutableArray<Problem> Of(Plan plan, int ranks, bool retry, int jobs = 1)
    {
        var found = ImmutableArray.CreateBuilder<Problem>();
        if (jobs > 1)
        {
            found.Add(new("--jobs", $"{jobs} runs cannot be at work at once on {ranks} ranks, which train one run together",
                "Leave --jobs out, or start the program without mpirun or srun."));
        }

        foreach (var run in plan.Runs.Where(run => run.IsDue(retry) && run.Spec.Source is null && run.Spec.Training?.BatchSize < ranks))
        {
            int batch = run.Spec.Training!.BatchSize;
            found.Add(new(RunLabel.Of(run), $"its batch of {batch} sequences cannot be shared out to {ranks} ranks",
                $"Use at most {batch} ranks, or raise training.batch-size, which is another experiment."));
        }

        return found.ToImmutable();
    }
}
