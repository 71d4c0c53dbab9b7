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

/// <summary>Runs one after the other, in this process.</summary>
/// <param name="environment">Asks to stop.</param>
/// <param name="runner">Carries out runs.</param>
/// <param name="retry">Whether failed ones are tried again.</param>
internal sealed class SequentialScheduler(CliEnvironment environment, Runner runner, bool retry) : IRunScheduler
{
    /// <inheritdoc/>
    public void CarryOut(RunQueue queue, IRunObserver observer)
    {
        while (!queue.IsDone && !environment.Stop.IsCancellationRequested)
        {
            if (queue.Take() is { } run)
            {
                using var saving = environment.Save();
                queue.Return(run, runner.Run(run, observer, retry, environment.Stop));
            }
            else
            {
                environment.Stop.WaitHandle.WaitOne(environment.Patience);
                queue.TryAgain();
            }
        }
    }
}
