using System.Collections.Immutable;
using Bench.Cli.Display;
using Bench.Experiments;
using Bench.Methods;
using Bench.Results;

namespace Bench.Cli;

/// <summary>Definitions on their way to results: read, planned, run one after the other.</summary>
internal sealed class Campaign(Session session)
{
    /// <summary>Reads definitions and finds out what is left to do. Data that is missing is downloaded: it is part of a run's identity.</summary>
    /// <exception cref="ProblemsException">A definition is wrong.</exception>
    public Plan Prepare(IReadOnlyList<string> definitions)
    {
        var reading = Definitions.Load(definitions);
        return reading.Problems.IsEmpty ? Plan.Of(reading.Runs, session.Library, session.Store) : throw new ProblemsException(reading.Problems);
    }

    /// <summary>Does what is left to do.</summary>
    /// <returns>An exit code: 0 when every run has finished.</returns>
    /// <exception cref="ProblemsException">Something does not fit on this machine, and is not to be tried all the same.</exception>
    public int Execute(Plan plan, bool retry, bool force = false)
    {
        var here = session.Here;
        if (!force && plan.Misfits(here.Limits(session.Store.Root), retry) is { IsEmpty: false } misfits)
            throw new ProblemsException(misfits);
        ImmutableArray<PlannedRun> due = [.. plan.Runs.Where(run => run.IsDue(retry))];
        here.Output.WriteLine(Summary(plan, due));
        List<(PlannedRun Run, RunStatus Status)> unfinished = [.. plan.Runs.Where(run => run.State == RunState.Failed && !retry).Select(run => (run, StatusOf(run)))];
        if (due.Length > 0)
        {
            if (due.Any(run => run.Spec.Method is NetworkMethod || run.Spec.Judge is not null))
                session.LoadEngine();
            session.CheckStorage();
            using var runner = new Runner(session.Library, session.Store, here.Clock);
            ProgressDisplay.During(here, due.Length, observer =>
            {
                foreach (var run in due.TakeWhile(_ => !here.Stop.IsCancellationRequested))
                {
                    var status = runner.Run(run, observer, retry, here.Stop);
                    if (status.State != RunState.Finished && !here.Stop.IsCancellationRequested)
                        unfinished.Add((run, status));
                }
            });
        }

        foreach (var (run, status) in unfinished)
            Tell(run, status);
        if (!here.Stop.IsCancellationRequested)
            return unfinished.Count > 0 ? ExitCodes.Failure : ExitCodes.Success;
        here.Error.WriteLine("Interrupted. What was done is kept; the same command goes on from the last checkpoint.");
        return ExitCodes.Interrupted;
    }

    private static string Summary(Plan plan, ImmutableArray<PlannedRun> due)
    {
        int finished = plan.Runs.Count(run => run.State == RunState.Finished);
        int resumed = due.Count(run => run.State == RunState.Running);
        string ahead = due.Length == 0 ? "nothing is left to do" : $"{due.Length} to do{(resumed > 0 ? $", {resumed} of them interrupted before" : "")}";
        return $"{plan.Runs.Length} {(plan.Runs.Length == 1 ? "run" : "runs")}, {finished} finished already, {ahead}.";
    }

    private RunStatus StatusOf(PlannedRun run) => session.Store.Read(run.Spec.Experiment, run.Id).Status;

    private void Tell(PlannedRun run, RunStatus status)
    {
        var said = session.Here.Error;
        bool failed = status.State == RunState.Failed;
        said.WriteLine($"{run.Folder}: {RunLabel.Of(run)} {(failed ? "failed" : "has not ended")}: {status.Reason ?? "no reason was recorded"}");
        said.WriteLine(failed ? "    Mend the cause, then run its definition with 'bench run <definition> --retry'." : "    Wait for it, then run the same command again.");
    }
}
