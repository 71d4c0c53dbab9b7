using Bench.Experiments;

namespace Bench.Cli.Work;

/// <summary>Runs one after the other, in this process.</summary>
/// <param name="here">Asks to stop.</param>
/// <param name="runner">Carries out runs.</param>
/// <param name="retry">Whether failed ones are tried again.</param>
internal sealed class OneByOne(Surroundings here, Runner runner, bool retry) : IWorkplace
{
    /// <inheritdoc/>
    public void CarryOut(Agenda agenda, IRunObserver observer)
    {
        while (!agenda.IsDone && !here.Stop.IsCancellationRequested)
        {
            if (agenda.Take() is { } run)
            {
                agenda.Return(run, runner.Run(run, observer, retry, here.Stop));
            }
            else
            {
                here.Stop.WaitHandle.WaitOne(here.Patience);
                agenda.TryAgain();
            }
        }
    }
}
