using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using Bench.Cli.Display;
using Bench.Cli.Options;
using Bench.Cli.Work;
using Bench.Experiments.Machine;
using Bench.Experiments.Planning;
using Bench.Results;
using TorchSharp;

namespace Bench.Cli.Commands;

/// <summary><c>bench plan</c>: what would run, what it would cost and take, and whether it fits.</summary>
internal static class PlanCommand
{
    private static readonly TimeSpan ProbeTime = TimeSpan.FromSeconds(4.5);

    public static Command Of(Func<ParseResult, Session> open)
    {
        var definitions = DefinitionsArgument.Of();
        var noProbe = new Option<bool>("--no-probe") { Description = "Skip the timing probe; print the plan without time estimates" };
        var all = new Option<bool>("--all") { Description = "List every run of a long plan" };
        var jobs = JobsOption.Of();
        var csv = new Option<string?>("--csv") { Description = "Write the plan to this file as well, for scripts", HelpName = "file" };
        var command = new Command("plan", "Show what is left to do, what it costs, how long it takes and whether it fits") { definitions, jobs, noProbe, all, csv };
        command.SetAction(parsed =>
        {
            var session = open(parsed);
            double? load = session.Here.Load();
            var plan = new Campaign(session).Prepare(parsed.GetValue(definitions)!);
            var machine = session.Here.Limits(session.Store.Root);
            var misfits = plan.Misfits(machine);
            var (expected, untimed) = parsed.GetValue(noProbe) ? (ImmutableDictionary<string, RunTimeEstimate>.Empty, "--no-probe") : Expect(session, plan, parsed.GetValue(jobs));
            Show(session.Here, new PlanReport(plan, expected, parsed.GetValue(jobs) ?? 1), machine, parsed.GetValue(all), untimed);
            if (!expected.IsEmpty && load > Environment.ProcessorCount)
                TableDisplay.Line(session.Here, string.Create(CultureInfo.InvariantCulture, $"The times are too long: {load:0.0} processes were at work on {Environment.ProcessorCount} cores before anything was timed. Plan again when the machine is idle."));
            if (parsed.GetValue(csv) is { } file)
                AtomicFile.Write(Path.GetFullPath(file), PlanFile.Text(plan, expected));
            return misfits.IsEmpty ? ExitCodes.Success : throw new ProblemsException(misfits);
        });
        return command;
    }

    private static void Show(CliEnvironment environment, PlanReport report, MachineLimits machine, bool all, string? untimed)
    {
        if (report.Experiments is { } experiments)
            TableDisplay.Write(environment, experiments);
        if (report.RunsOf(all) is { } runs)
            TableDisplay.Write(environment, runs);
        foreach (string note in report.Notes(machine, all, untimed))
            TableDisplay.Line(environment, note);
    }

    private static (ImmutableDictionary<string, RunTimeEstimate> Expected, string? Untimed) Expect(Session session, Plan plan, int? jobs)
    {
        var none = ImmutableDictionary<string, RunTimeEstimate>.Empty;
        ImmutableArray<(PlannedRun, RunCost)> due = [.. plan.Runs.Where(run => run.IsDue(retry: true)).Select(run => (run, plan.CostOf(run)))];
        if (due.IsEmpty)
            return (none, null);
        try
        {
            session.LoadEngine();
            if (jobs is > 1 and { } several && session.Threads is null)
                torch.set_num_threads(WorkerOrders.ThreadsFor(several));
        }
        catch (DllNotFoundException missing)
        {
            return (none, missing.Message.Split(" Run '")[0]); // the rest of a plan needs no engine
        }

        return (new SpeedProbe(session.Library, session.Here.Clock, ProbeTime).Of(due, session.Here.Stop), null);
    }
}
