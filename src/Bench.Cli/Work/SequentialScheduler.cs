using Bench.Experiments.Running;

namespace Bench.Cli.Work;

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
