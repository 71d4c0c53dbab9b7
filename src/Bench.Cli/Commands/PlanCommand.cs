using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using Bench.Cli.Commands.Ranks;
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
        var (jobs, parts) = (JobsOption.Of(), MicroBatchOption.Of());
        var card = new Option<string?>("--card") { Description =
            $"Plan for a card that is not here, by its maker's numbers: {Card.Written}", HelpName = "card" };
        card.Validators.Add(result =>
        {
            if (result.Tokens is [var stated] && Card.Parse(stated.Value) is null)
                result.AddError($"'{stated.Value}' is no card\nWrite {Card.Written}, for example \"mine, 200, 1000, 24\".");
        });
        var utilisation = RealNumber.Option("--utilisation",
            $"With --card: the share of its products that runs reach; by default {Text(CardPlan.UsualUtilisation)}", least: 0.001, most: 1,
            example: Text(CardPlan.UsualUtilisation));
        var ranks = WholeNumber.Option("--ranks",
            "Processes that train each run together, as 'mpirun -n' or 'ranks' of a Slurm profile start them; by default one", least: 1,
            most: 4096);
        var machines = WholeNumber.Option("--machines", "With --ranks: machines like this one that they are spread over; by default one",
            least: 1, most: 4096);
        var csv = new Option<string?>("--csv") { Description = "Write the plan to this file as well, for scripts", HelpName = "file" };
        var command = new Command("plan", "Show what is left to do, what it costs, how long it takes and whether it fits") { definitions,
            jobs, ranks, machines, parts, card, utilisation, noProbe, all, csv };
        command.SetAction(parsed =>
        {
            var session = open(parsed);
            double? load = session.Here.Load();
            var together = Together(session, parsed.GetValue(ranks), parsed.GetValue(machines), parsed.GetValue(jobs));
            var planned = parsed.GetValue(card) is { } stated
                ? new CardPlan(Card.Parse(stated)!, parsed.GetValue(utilisation) ?? CardPlan.UsualUtilisation) { Ranks = together }
                : null;
            CheckDevice(session, planned, isUtilisationStated: parsed.GetValue(utilisation) is not null);
            var plan = new Campaign(session).Prepare(parsed.GetValue(definitions)!).InMicroBatches(parsed.GetValue(parts))
                .OnRanks(together);
            if (RankLimits.Of(plan, together.Count, retry: true) is { IsEmpty: false } unshared)
                throw new ProblemsException(unshared);
            var machine = session.Limits;
            var misfits = planned is null
                ? plan.Misfits(machine)
                : [.. planned.Misfits(plan.Runs.Where(run => run.IsDue(retry: true))),
                    .. plan.Misfits(machine with { Memory = long.MaxValue })];
            var (expected, untimed) = planned is not null ? (Expect(plan, planned), null)
                : parsed.GetValue(noProbe) ? (ImmutableDictionary<string, RunTimeEstimate>.Empty, "--no-probe")
                : Expect(session, plan, parsed.GetValue(jobs));
            Show(session.Here, new PlanReport(plan, expected, parsed.GetValue(jobs) ?? 1, planned), machine, parsed.GetValue(all), untimed);
            if (planned is null && !expected.IsEmpty && load > Environment.ProcessorCount)
                TableDisplay.Line(session.Here,
                    string.Create(CultureInfo.InvariantCulture,
                        $"The times are too long: {load:0.0} processes were at work on {Environment.ProcessorCount} cores before "
                            + $"anything was timed. Plan again when the machine is idle."));
            if (parsed.GetValue(csv) is { } file)
                AtomicFile.Write(Path.GetFullPath(file), PlanFile.Text(plan, expected, planned));
            return misfits.IsEmpty ? ExitCodes.Success : throw new ProblemsException(misfits);
        });
        return command;
    }

    // What a launcher has started counts where nothing else is stated.
    private static RankPlan Together(Session session, int? ranks, int? machines, int? jobs)
    {
        if (ranks is null && machines is not null)
            throw new ProblemsException(new Problem("--machines", "it is of ranks that are stated", "Add --ranks, or leave it out."));
        if (ranks > 1 && jobs > 1)
            throw new ProblemsException(new Problem("--jobs", "it is for runs of one process each, and --ranks for one run of several",
                "Leave one of them out."));
        return ranks is { } count ? RankPlan.On(count, Math.Min(count, machines ?? 1))
            : session.Here.Ranks is { } launched ? new(launched.Count, launched.PerMachine) : RankPlan.Alone;
    }

    // A card that is here is timed as the processor is; one that is not has to be stated.
    private static void CheckDevice(Session session, CardPlan? planned, bool isUtilisationStated)
    {
        var device = session.Device;
        if (planned is null && isUtilisationStated)
            throw new ProblemsException(new Problem("--utilisation", "it is of a card that is stated", "Add --card, or leave it out."));
        if (planned is not null && !device.IsCuda)
            throw new ProblemsException(new Problem(
                "--card", $"a card is planned for, but --device {device} asks for another device", "Leave one of them out."));
        if (planned is null && device is { IsCuda: true, IsRequired: true } && !device.IsCard)
            throw new ProblemsException(new Problem(
                "--device", $"{device} is not to be had here, so that nothing can be timed on it",
                $"State the card that is meant: --card and {Card.Written}."));
    }

    private static ImmutableDictionary<string, RunTimeEstimate> Expect(Plan plan, CardPlan planned) =>
        plan.Runs.Where(run => run.IsDue(retry: true))
            .ToImmutableDictionary(run => run.Folder, run => planned.TimeOf(run, plan.CostOf(run)), StringComparer.Ordinal);

    private static string Text(double number) => number.ToString(CultureInfo.InvariantCulture);

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
        ImmutableArray<(PlannedRun, RunCost)> due =
            [.. plan.Runs.Where(run => run.IsDue(retry: true)).Select(run => (run, plan.CostOf(run)))];
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

        var alone = new SpeedProbe(session.Library, session.Here.Clock, ProbeTime).Of(due, session.Here.Stop);
        return (alone.ToImmutableDictionary(run => run.Key,
            run => plan.Ranks.TimeOf(plan.Runs.First(one => one.Folder == run.Key).Spec, run.Value, session.Device.IsCard)), null);
    }
}

/// <summary>
/// A plan for scripts: CSV, every digit, nothing for what is not known. Where training is given its seconds, tokens and operations are
/// estimates.
/// </summary>
internal static class PlanFile
{
    private static readonly string[] Header =
    [
        "experiment", "method", "seed", "label", "id", "state", "why", "parameters", "tokens", "training_flop", "likelihood_flop",
        "generation_flop",
        "memory_bytes", "disk_bytes", "training_seconds", "likelihood_seconds", "generation_seconds", "given_seconds",
    ];

    /// <summary>The whole file.</summary>
    public static string Text(Plan plan, IReadOnlyDictionary<string, RunTimeEstimate> expected, CardPlan? card) =>
        CsvFormat.Text(plan.Runs.Select(run => Row(plan, run, expected, card)).Prepend(Header));

    private static string[] Row(Plan plan, PlannedRun run, IReadOnlyDictionary<string, RunTimeEstimate> expected, CardPlan? card)
    {
        RunTimeEstimate? time = expected.TryGetValue(run.Folder, out var found) ? found : null;
        var cost = plan.CostOf(run, found);
        double? given = run.Spec.Budget?.Seconds;
        return
        [
            run.Spec.Experiment,
            run.Spec.Method.Name,
            CsvFormat.Field((long)run.Spec.Seed),
            RunLabel.Of(run),
            run.Id,
            run.Standing,
            run.Why,
            CsvFormat.Field(cost.Parameters),
            CsvFormat.Field(cost.Tokens),
            CsvFormat.Field(cost.Training),
            CsvFormat.Field(cost.Likelihood),
            CsvFormat.Field(cost.Generation),
            CsvFormat.Field((long)(card?.MemoryOf(run) ?? cost.Memory).Bytes),
            CsvFormat.Field(cost.Disk),
            CsvFormat.Field(time?.Training ?? (given * cost.LeftOf(run))),
            CsvFormat.Field(time?.Likelihood),
            CsvFormat.Field(time?.Generation),
            CsvFormat.Field(given),
        ];
    }
}
