using System.Collections.Immutable;
using Bench.Experiments;
using Bench.Experiments.Planning;
using Bench.Reporting.Tables;

namespace Bench.Cli.Display;

/// <summary>A plan as people want it: how much there is, how far it is, what it costs, how long it takes.</summary>
/// <param name="plan">The plan.</param>
/// <param name="expected">How long runs take, by folder; empty where nobody has timed any.</param>
internal sealed class PlanReport(Plan plan, IReadOnlyDictionary<string, Expectation> expected)
{
    private const int Many = 40;

    /// <summary>One line an experiment; none where there is but one.</summary>
    public TextTable? Experiments
    {
        get
        {
            var experiments = plan.Runs.GroupBy(run => run.Spec.Experiment).ToArray();
            return experiments.Length < 2 ? null : Make(
                "Experiments",
                ["Experiment", "Runs", "Finished", "To do", "Tokens", "Work", "Memory", "Time"],
                experiments.Select(runs => Experiment(runs.Key, [.. runs])));
        }
    }

    /// <summary>One line a run; of a long plan only where all are asked for.</summary>
    public TextTable? RunsOf(bool all) => plan.Runs.Length > Many && !all ? null : Make(
        "Runs", ["Run", "State", "Parameters", "Tokens", "Work", "Memory", "Time", "Id"], plan.Runs.Select(Run));

    /// <summary>Sums, and why what is not finished is not.</summary>
    /// <param name="machine">What there is.</param>
    /// <param name="all">Whether every run is shown.</param>
    /// <param name="untimed">Why there are no times; null where there are.</param>
    public IEnumerable<string> Notes(MachineLimits machine, bool all, string? untimed)
    {
        foreach (var reason in plan.Runs.Where(run => run.Standing is not ("finished" or "missing")).GroupBy(Reason))
            yield return $"{reason.Key}: {Several(reason.Count(), "run")}{(reason.Count() <= 3 ? $" ({string.Join(", ", reason.Select(run => run.Id))})" : "")}";
        ImmutableArray<PlannedRun> due = [.. plan.Runs.Where(run => run.IsDue(retry: true))];
        yield return $"{Several(plan.Runs.Length, "run")}: {States()}.";
        if (due.IsEmpty)
            yield break;
        yield return $"To do: {RoughQuantity.Count(due.Sum(run => (double)plan.CostOf(run).Tokens))} tokens to train on, {RoughQuantity.Flops(due.Sum(run => plan.CostOf(run).Flops))}, {Time(due, untimed)}.";
        if (untimed is null)
            yield return "Times are extrapolated from steps that were just made here: what else the machine does, now or later, makes them wrong.";
        yield return $"At the peak: {RoughQuantity.Bytes(due.Max(run => plan.CostOf(run).Memory.Bytes))} of {RoughQuantity.Bytes(machine.Memory)} memory, {RoughQuantity.Bytes(plan.DiskOfDue)} of {RoughQuantity.Bytes(machine.FreeDisk)} free disk.";
        if (plan.Runs.Length > Many && !all)
            yield return "With --all every run is listed.";
    }

    private string States() => string.Join(", ", plan.Runs.GroupBy(run => run.Standing).OrderBy(state => state.Key, StringComparer.Ordinal).Select(state => $"{state.Count()} {state.Key}"));

    private string Time(ImmutableArray<PlannedRun> due, string? untimed)
    {
        if (untimed is not null)
            return $"not timed ({untimed})";
        int unknown = due.Count(run => !expected.ContainsKey(run.Folder));
        string rest = unknown == 0 ? "" : $", {Several(unknown, "run")} too large to be timed left out";
        var sum = Sum(due);
        return $"about {RoughQuantity.Time(sum.Total)} on this machine ({RoughQuantity.Time(sum.Training)} training, {RoughQuantity.Time(sum.Likelihood)} likelihood, {RoughQuantity.Time(sum.Generation)} generation{rest})";
    }

    private Expectation Sum(IEnumerable<PlannedRun> runs) => runs.Aggregate(default(Expectation), (sum, run) => sum + expected.GetValueOrDefault(run.Folder));

    // Runs that changed alike are told together, whichever run each of them takes the place of.
    private static string Reason(PlannedRun run) => run.Change is { } change ? $"changed: {change[..change.LastIndexOf(" since ", StringComparison.Ordinal)]}" : run.Why;

    private ImmutableArray<string> Experiment(string name, ImmutableArray<PlannedRun> runs)
    {
        ImmutableArray<PlannedRun> due = [.. runs.Where(run => run.IsDue(retry: true))];
        return
        [
            name,
            $"{runs.Length}",
            $"{runs.Length - due.Length}",
            $"{due.Length}",
            RoughQuantity.Count(due.Sum(run => (double)plan.CostOf(run).Tokens)),
            RoughQuantity.Flops(due.Sum(run => plan.CostOf(run).Flops)),
            RoughQuantity.Bytes(runs.Max(run => plan.CostOf(run).Memory.Bytes)),
            due.Any(run => expected.ContainsKey(run.Folder)) ? RoughQuantity.Time(Sum(due).Total) : Table.Dash,
        ];
    }

    private ImmutableArray<string> Run(PlannedRun run)
    {
        var cost = plan.CostOf(run);
        return
        [
            RunLabel.Of(run),
            run.Standing,
            cost.Parameters is { } parameters ? RoughQuantity.Count(parameters) : Table.Dash,
            cost.Tokens > 0 ? RoughQuantity.Count(cost.Tokens) : Table.Dash,
            cost.Flops > 0 ? RoughQuantity.Flops(cost.Flops) : Table.Dash,
            RoughQuantity.Bytes(cost.Memory.Bytes),
            expected.TryGetValue(run.Folder, out var time) ? RoughQuantity.Time(time.Total) : Table.Dash,
            run.Id,
        ];
    }

    private static string Several(int count, string what) => $"{count} {what}{(count == 1 ? "" : "s")}";

    private static TextTable Make(string caption, ImmutableArray<string> headings, IEnumerable<ImmutableArray<string>> rows) => new(
        caption,
        [.. headings.Select(heading => (heading, ""))],
        [.. headings.Select(heading => heading is "Experiment" or "Run" or "State" or "Id" ? Alignment.Left : Alignment.Right)],
        [.. rows],
        BaselineRows: 0,
        []);
}
