using System.Collections.Immutable;
using System.Globalization;
using Bench.Cli.Work;
using Bench.Experiments.Machine;
using Bench.Experiments.Planning;
using Bench.Reporting.Tables;
using Bench.Results;

namespace Bench.Cli.Display;

/// <summary>The report of a plan: runs, progress, cost and time.</summary>
/// <param name="plan">The plan.</param>
/// <param name="expected">How long runs take, by folder; empty where none was timed.</param>
/// <param name="jobs">How many are at work at once.</param>
/// <param name="card">The card that is planned for; null for this machine.</param>
internal sealed class PlanReport(Plan plan, IReadOnlyDictionary<string, RunTimeEstimate> expected, int jobs, CardPlan? card = null)
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
        "Runs",
        ["Run", "State", "Parameters", "Tokens", "Work", .. MemoryHeadings, "Time", "Id"],
        plan.Runs.Select(Run));

    private ImmutableArray<string> MemoryHeadings => card is null ? ["Memory"] : ["Micro-batch", "Card memory"];

    /// <summary>Sums, and why what is not finished is not.</summary>
    /// <param name="machine">What there is.</param>
    /// <param name="all">Whether every run is shown.</param>
    /// <param name="untimed">Why there are no times; null where there are.</param>
    public IEnumerable<string> Notes(MachineLimits machine, bool all, string? untimed)
    {
        foreach (var reason in plan.Runs.Where(run => run.Standing is not ("finished" or "missing")).GroupBy(Reason))
            yield return $"{reason.Key}: " +
                $"{Several(reason.Count(), "run")}{(reason.Count() <= 3 ? $" ({string.Join(", ", reason.Select(run => run.Id))})" : "")}";
        ImmutableArray<PlannedRun> due = [.. plan.Runs.Where(run => run.IsDue(retry: true))];
        yield return $"{Several(plan.Runs.Length, "run")}: {States()}.";
        if (due.IsEmpty)
            yield break;
        yield return $"To do: {Tokens(due).In(RoughQuantity.Count)} tokens to train on, {Work(due).In(RoughQuantity.Flops)}, " +
            $"{Time(due, untimed)}.";
        if (Tokens(due) is { IsPart: true } or { IsAbout: true })
            yield return Budgets([.. due.Where(run => plan.CostOf(run).Steps is null)]);
        if (card is not null)
        {
            foreach (string note in OfCard(card, due, machine))
                yield return note;
            yield break;
        }

        if (plan.Ranks.Count > 1)
            yield return plan.Ranks.Note(hasCards: false);
        if (untimed is null)
            yield return "Times are extrapolated from steps that were just made here: what else the machine does, now or later, makes " +
                "them wrong.";
        string there = machine.Memory == long.MaxValue ? "" : $" of {RoughQuantity.Bytes(machine.Memory)}";
        string where = plan.Ranks.Count == 1 ? "" : $" in {plan.Ranks.PerMachine} of the ranks";
        yield return $"At the peak: {RoughQuantity.Bytes(due.Max(run => plan.CostOf(run).Memory.Bytes))}{there} memory{where}, " +
            $"{RoughQuantity.Bytes(plan.DiskOfDue)} of {RoughQuantity.Bytes(machine.FreeDisk)} free disk.";
        if (plan.Runs.Length > Many && !all)
            yield return "With --all every run is listed.";
    }

    // What is stated, what is assumed, and what is left out.
    private IEnumerable<string> OfCard(CardPlan planned, ImmutableArray<PlannedRun> due, MachineLimits machine)
    {
        var known = planned.Card;
        yield return string.Create(
            CultureInfo.InvariantCulture,
            $"Estimated for {known.Name} ({known.HalfFlops / 1e12:0} TFLOP/s in bf16, {known.SingleFlops / 1e12:0.#} in float32, "
                + $"{known.Bandwidth / 1e9:0} GB/s, {known.Memory / 1e9:0} GB) at {planned.Utilisation:0.###} of its products; nothing was "
                + $"timed, and this program was never run on such a card. Likelihoods and generation are in float32; what the processor "
                + $"does for a sampler is left out.");
        if (planned.Ranks.Count > 1)
            yield return planned.Ranks.Note(hasCards: true);
        yield return $"At the peak: {RoughQuantity.Bytes(due.Max(run => MemoryOf(run).Bytes))} of {RoughQuantity.Bytes(known.Memory)} of "
            + $"the card's memory in micro-batches as above, {RoughQuantity.Bytes(plan.DiskOfDue)} of "
            + $"{RoughQuantity.Bytes(machine.FreeDisk)} free disk.";
        int?[] parts = [.. due.Where(run => run.Spec.Training is { } asked && planned.RowsOf(run) < planned.AskedOf(asked))
            .Select(planned.RowsOf)];
        if (parts.Length > 0)
            yield return $"Batches do not fit at once: give bench run {MicroBatchOption.Name} {parts.Min()}, which changes results by "
                + "rounding alone.";
    }

    private MemoryEstimate MemoryOf(PlannedRun run) => card is null ? plan.CostOf(run).Memory : card.MemoryOf(run);

    private string States() =>
        string.Join(", ", plan.Runs.GroupBy(run => run.Standing).OrderBy(state => state.Key, StringComparer.Ordinal)
            .Select(state => $"{state.Count()} {state.Key}"));

    private string Time(ImmutableArray<PlannedRun> due, string? untimed)
    {
        double given = due.Where(run => run.Spec.Budget is not null).Sum(run => Seconds(run).Known);
        if (untimed is not null)
            return $"{(given > 0 ? $"{RoughQuantity.Time(given)} of training that is given time, else " : "")}not timed ({untimed})";
        int unknown = due.Count(run => !expected.ContainsKey(run.Folder));
        string rest = unknown == 0 ? "" : $", {Several(unknown, "run")} too large to be timed left out";
        var sum = Sum(due);
        string together = jobs == 1 ? ""
            : $" with {jobs} runs at once, each on its share of the cores: {RoughQuantity.Time(sum.Total)} of work";
        double all = MakespanEstimate.Of(due, jobs, run => expected.GetValueOrDefault(run.Folder).Total);
        string where = card is null ? "this machine" : "the card";
        return $"about {RoughQuantity.Time(all)} on {where}{together} ({RoughQuantity.Time(sum.Training)} training, " +
            $"{RoughQuantity.Time(sum.Likelihood)} likelihood, {RoughQuantity.Time(sum.Generation)} generation{rest})";
    }

    private RunTimeEstimate Sum(IEnumerable<PlannedRun> runs) =>
        runs.Aggregate(default(RunTimeEstimate), (sum, run) => sum + expected.GetValueOrDefault(run.Folder));

    private Amount Tokens(IEnumerable<PlannedRun> runs) => Amount.Of(runs.Select(run => Amount.Of(CostOf(run).Tokens, IsGuessed(run))));

    private Amount Work(IEnumerable<PlannedRun> runs) =>
        Amount.Of(runs.Select(
            run => CostOf(run) is { Flops: { } all } ? Amount.Of(all, IsGuessed(run))
                : new(CostOf(run).Measuring, IsAbout: false, IsPart: true)));

    // Training times that are given are known without a probe.
    private Amount Seconds(PlannedRun run) =>
        expected.TryGetValue(run.Folder, out var time) ? Amount.Of(time.Total)
            : new((run.Spec.Budget?.Seconds ?? 0) * plan.CostOf(run).LeftOf(run), IsAbout: false, IsPart: true);

    private RunCost CostOf(PlannedRun run) => plan.CostOf(run, expected.GetValueOrDefault(run.Folder));

    private bool IsGuessed(PlannedRun run) => expected.GetValueOrDefault(run.Folder).Steps is not null;

    private string Budgets(ImmutableArray<PlannedRun> runs) =>
        $"{Several(runs.Length, "run")} {(runs.Length == 1 ? "trains" : "train")} for a given " +
            $"time{(runs.Any(IsGuessed) ? ": ~ is what that comes to at the speed of this machine now" : "")}; how many steps it is, is " +
            $"measured when {(runs.Length == 1 ? "it begins" : "each begins")}.";

    private static string OrDash(Amount amount, Func<double, string> format) =>
        amount is { Known: 0, IsPart: true } or { Known: 0, IsAbout: false } ? Table.Dash : amount.In(format);

    // Runs with the same change are reported together, whichever run each of them replaces.
    private static string Reason(PlannedRun run) =>
        run.Change is { } change ? $"changed: {change[..change.LastIndexOf(" since ", StringComparison.Ordinal)]}" : run.Why;

    private ImmutableArray<string> Experiment(string name, ImmutableArray<PlannedRun> runs)
    {
        ImmutableArray<PlannedRun> due = [.. runs.Where(run => run.IsDue(retry: true))];
        return
        [
            name,
            $"{runs.Length}",
            $"{runs.Length - due.Length}",
            $"{due.Length}",
            Tokens(due).In(RoughQuantity.Count),
            Work(due).In(RoughQuantity.Flops),
            RoughQuantity.Bytes(runs.Max(run => MemoryOf(run).Bytes)),
            OrDash(Amount.Of(due.Select(Seconds)), RoughQuantity.Time),
        ];
    }

    private ImmutableArray<string> Run(PlannedRun run)
    {
        var cost = CostOf(run);
        return
        [
            RunLabel.Of(run),
            run.Standing,
            cost.Parameters is { } parameters ? RoughQuantity.Count(parameters) : Table.Dash,
            cost.Tokens == 0 ? Table.Dash : Tokens([run]).In(RoughQuantity.Count),
            cost.Flops == 0 ? Table.Dash : Work([run]).In(RoughQuantity.Flops),
            .. card is null ? [] : new[] { card.RowsOf(run) is { } rows ? $"{rows}" : Table.Dash },
            RoughQuantity.Bytes(MemoryOf(run).Bytes),
            run.IsDue(retry: true) ? OrDash(Seconds(run), RoughQuantity.Time) : Table.Dash,
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

/// <summary>A sum of which parts may be estimates, or unknown.</summary>
/// <param name="Known">Of what is known or estimated.</param>
/// <param name="IsAbout">Whether something in it is an estimate.</param>
/// <param name="IsPart">Whether something is missing from it.</param>
internal readonly record struct Amount(double Known, bool IsAbout, bool IsPart)
{
    /// <summary>One part.</summary>
    /// <param name="value">Null where unknown.</param>
    /// <param name="isAbout">Whether it is an estimate.</param>
    public static Amount Of(double? value, bool isAbout = false) => new(value ?? 0, isAbout && value is not null, value is null);

    /// <summary>All parts.</summary>
    public static Amount Of(IEnumerable<Amount> parts) => parts.Aggregate(
        default(Amount), (sum, part) => new(sum.Known + part.Known, sum.IsAbout || part.IsAbout, sum.IsPart || part.IsPart));

    /// <summary>For example 25 M, ~25 M, &gt; 25 M, or a question mark.</summary>
    /// <param name="format">Writes a number.</param>
    public string In(Func<double, string> format) => (IsPart, IsAbout) switch
    {
        (true, _) => Known > 0 ? $"> {format(Known)}" : "?",
        (_, true) => $"~{format(Known)}",
        _ => format(Known),
    };
}

/// <summary>Quantities that are estimates: two digits are all there is to say.</summary>
internal static class RoughQuantity
{
    private const double Minute = 60, Hour = 3600, Day = 86_400, Year = 365 * Day;

    /// <summary>For example 20 s, 14 min, 2.5 h, 12 days or 9.5 years.</summary>
    public static string Time(double seconds) => seconds switch
    {
        < 1 => "< 1 s",
        < 1.5 * Minute => $"{Digits(seconds)} s",
        < 1.5 * Hour => $"{Digits(seconds / Minute)} min",
        < 2 * Day => $"{Digits(seconds / Hour)} h",
        < 2 * Year => $"{Digits(seconds / Day)} days",
        _ => $"{Digits(seconds / Year)} years",
    };

    /// <summary>For example 25 M.</summary>
    public static string Count(double count) => Scaled(count, ["", "k", "M", "G", "T", "P"]);

    /// <summary>Bytes, for example 1.2 GB.</summary>
    public static string Bytes(double bytes) => Scaled(bytes, ["bytes", "kB", "MB", "GB", "TB", "PB"]);

    /// <summary>Floating-point operations, for example 1.2 PFLOP.</summary>
    public static string Flops(double operations) =>
        Scaled(operations, ["FLOP", "kFLOP", "MFLOP", "GFLOP", "TFLOP", "PFLOP", "EFLOP", "ZFLOP"]);

    private static string Scaled(double value, string[] units)
    {
        int unit = 0;
        for (; value >= 999.5 && unit < units.Length - 1; unit++)
            value /= 1000;
        return $"{(unit == 0 ? value.ToString("0", CultureInfo.InvariantCulture) : Digits(value))} {units[unit]}".TrimEnd();
    }

    // Two digits, and of large numbers all.
    private static string Digits(double value)
    {
        if (value == 0)
            return "0";
        if (value >= 99.5)
            return value.ToString("N0", CultureInfo.InvariantCulture);
        int decimals = Math.Clamp(1 - (int)Math.Floor(Math.Log10(value * 1.005)), 0, 6);
        return value.ToString($"F{decimals}", CultureInfo.InvariantCulture);
    }
}
