using Bench.Experiments.Planning;
using Bench.Kernels.Ranks;
using Bench.Results;
using Bench.Training;

namespace Bench.Experiments.Running;

/// <summary>
/// Rank 0 as it leads the others: it plans, writes, evaluates and reports as a process alone does, and has them join its trainings. Between
/// these they wait.
/// </summary>
/// <param name="ranks">The ranks.</param>
/// <param name="stop">Asks this process to stop, which another rank was asked to.</param>
public sealed class RankLeader(IRanks ranks, Action stop)
{
    /// <summary>How many ranks there are.</summary>
    public int Count => ranks.Count;

    /// <summary>How many of them are on this machine.</summary>
    public int PerMachine => ranks.PerMachine;

    /// <summary>Whether a training has ended here alone: the others wait in it, and can only be ended.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>Where the networks of all ranks are; <c>cuda</c> is a card for each rank of a machine.</summary>
    public string Device { get; set; } = "cpu";

    /// <summary>Threads of each rank; null for its share of its machine.</summary>
    public int? Threads { get; set; }

    /// <summary>The ranks.</summary>
    internal IRanks Ranks => ranks;

    /// <summary>Sends the others home.</summary>
    public void End() => ranks.Broadcast(TrainingOrder.End);

    /// <summary>Makes sure that the others are waiting for the next training.</summary>
    /// <exception cref="SuiteException">They are not.</exception>
    internal void RequireWhole()
    {
        if (IsBroken)
        {
            throw new SuiteException("the ranks are not together any more: the run before has failed on rank 0 alone",
                "Run the same command again: it goes on with what is left.");
        }
    }

    /// <summary>Trains on all ranks.</summary>
    /// <param name="run">The run.</param>
    /// <param name="data">The hash of its text.</param>
    /// <param name="plan">The training.</param>
    /// <param name="trainer">This rank's part in it.</param>
    /// <param name="hooks">Notified of progress.</param>
    /// <param name="asked">Ends the training after the update in progress.</param>
    /// <exception cref="SuiteException">It has diverged.</exception>
    internal void Train(PlannedRun run, string data, TrainingPlan plan, Trainer trainer, ITrainingHooks hooks, CancellationToken asked)
    {
        ranks.Broadcast(new TrainingOrder(run.ToJson(), data, FoundPlan.Of(plan), Device, Threads).ToString());
        try
        {
            trainer.Run(hooks, asked);
        }
        catch when (!trainer.HasDiverged)
        {
            IsBroken = true;
            throw;
        }

        if (trainer.Step < plan.Steps && !asked.IsCancellationRequested)
            stop();
    }
}
