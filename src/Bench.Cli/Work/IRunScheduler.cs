using Bench.Experiments.Running;

namespace Bench.Cli.Work;

/// <summary>Where the runs of a plan are carried out.</summary>
internal interface IRunScheduler
{
    /// <summary>Does what is left to do, until all of it is done or a stop is requested.</summary>
    /// <param name="queue">What is left.</param>
    /// <param name="observer">Notified of progress, on this thread.</param>
    void CarryOut(RunQueue queue, IRunObserver observer);
}
