using System.Collections.Immutable;
using Bench.Cli.Commands.Ranks;
using Bench.Cli.Display;
using Bench.Cli.Work;
using Bench.Experiments.Definitions;
using Bench.Experiments.Planning;
using Bench.Methods;
using Bench.Results.Runs;

namespace Bench.Cli.Commands;

/// <summary>Reads, plans and runs definitions.</summary>
internal sealed class Campaign(Session session)
{
    /// <summary>
    /// Reads definitions and finds out what is left to do. Data that is missing is downloaded: it is part of a run's identity.
    /// </summary>
    /// <exception cref="ProblemsException">A definition is wrong.</exception>
    public Plan Prepare(IReadOnlyList<string> definitions)
    {
        var reading = DefinitionReader.Load(definitions, session.Here.Stop);
        NeededFiles.Require(session.Here, reading);
        return reading.Problems.IsEmpty
            ? Plan.Of(reading.Runs, session.Library, session.Store, session.Here.Stop)
            : throw new ProblemsException(reading.Problems);
    }

    /// <summary>Does what is left to do.</summary>
    /// <param name="plan">What <see cref="Prepare"/> found, or some of it.</param>
    /// <param name="retry">Whether failed runs are tried again.</param>
    /// <param name="jobs">How many runs are at work at once.</param>
    /// <param name="force">Whether to begin what does not fit all the same.</param>
    /// <param name="microBatch">Sequences that a training step computes at once; null for all of the batch.</param>
    /// <returns>An exit code: 0 when every run has finished.</returns>
    /// <exception cref="ProblemsException">Something does not fit on this machine, and is not to be tried all the same.</exception>
    public int Execute(Plan plan, bool retry, int jobs = 1, bool force = false, int? microBatch = null)
    {
        var environment = session.Here;
        plan = plan.InMicroBatches(microBatch);
        if (environment.Ranks is { } together)
            plan = plan.OnRanks(new(together.Count, together.PerMachine));
        if (environment.Ranks is { } ranks && RankLimits.Of(plan, ranks.Count, retry, jobs) is { IsEmpty: false } problems)
            throw new ProblemsException(problems);
        if (!force && plan.Misfits(session.Limits, retry, jobs) is { IsEmpty: false } misfits)
            throw new ProblemsException(misfits);
        ImmutableArray<PlannedRun> due = [.. plan.Runs.Where(run => run.IsDue(retry))];
        environment.Output.WriteLine(Summary(plan, due));
        var ends = plan.Runs.Where(run => run.State == RunState.Failed && !retry).ToDictionary(run => run, StatusOf);
        if (due.Length > 0)
        {
            if (due.Any(run => run.Spec.Method is NetworkMethod || run.Spec.Scorer is not null))
                session.LoadEngine();
            session.CheckStorage();
            using var runner = session.NewRunner(force);
            IRunScheduler place = jobs == 1
                ? new SequentialScheduler(environment, runner, retry)
                : new ParallelScheduler(environment, runner, Orders(retry, jobs, force, microBatch), jobs);
            ProgressDisplay.During(environment, plan.Runs, due,
                observer => place.CarryOut(new RunQueue(due), new EndKeeper(observer, ends)));
        }

        if (!environment.Stop.IsCancellationRequested)
            return Report(ends) > 0 ? ExitCodes.Failure : ExitCodes.Success;
        Report(ends.Where(end => end.Value.State == RunState.Failed));
        environment.Error.WriteLine("Interrupted. What was done is kept; the same command goes on from the last checkpoint.");
        return ExitCodes.Interrupted;
    }

    private static string Summary(Plan plan, ImmutableArray<PlannedRun> due)
    {
        int finished = plan.Runs.Count(run => run.State == RunState.Finished);
        int resumed = due.Count(run => run.State == RunState.Running);
        string ahead = due.Length == 0
            ? "nothing is left to do"
            : $"{due.Length} to do{(resumed > 0 ? $", {resumed} of them begun before" : "")}";
        return $"{plan.Runs.Length} {(plan.Runs.Length == 1 ? "run" : "runs")}, {finished} finished already, {ahead}.";
    }

    private WorkerOrders Orders(bool retry, int jobs, bool force, int? microBatch) => new(
        session.Here.Program,
        session.Store.Root,
        session.Library.Folder,
        session.Threads ?? WorkerOrders.ThreadsFor(jobs),
        session.Threads ?? WorkerOrders.ThreadsFor(1),
        retry,
        force,
        session.Device.ToString(),
        microBatch);

    private RunStatus StatusOf(PlannedRun run) => session.Store.Read(run.Spec.Experiment, run.Id).Status;

    private int Report(IEnumerable<KeyValuePair<PlannedRun, RunStatus>> ends)
    {
        var said = session.Here.Error;
        int unfinished = 0;
        foreach (var (run, status) in ends.Where(end => end.Value.State != RunState.Finished))
        {
            bool failed = status.State == RunState.Failed;
            said.WriteLine(
                $"{run.Folder}: {RunLabel.Of(run)} {(failed ? "failed" : "has not ended")}: {status.Reason ?? "no reason was recorded"}");
            said.WriteLine(
                failed
                    ? "    Mend the cause, then run its definition with 'bench run <definition> --retry'; log.txt in its folder says more."
                    : "    Mend that, then run the same command again.");
            unfinished++;
        }

        return unfinished;
    }
}
