using Bench.Reporting.Comparisons;
using Bench.Reporting.Statistics;
using Bench.Reporting.Validity;
using Bench.Results.Metrics;

namespace Bench.Reporting.Regression;

/// <summary>A guarded metric beside its fresh value.</summary>
/// <param name="Metric">As the baseline has it; as the results do where it is not guarded.</param>
/// <param name="Fresh">The mean over fresh seeds; null where the results do not have it.</param>
/// <param name="Allowed">How far it may lie off by chance.</param>
/// <param name="Found">How large a change is found in 19 of 20 checks.</param>
/// <param name="Why">Why the results do not have it or have it of fewer runs, or why it cannot be.</param>
public sealed record MetricComparison(GuardedMetric Metric, double? Fresh, double Allowed, double Found, string Why = "")
{
    /// <summary>What became of it.</summary>
    public required Verdict Verdict { get; init; }

    /// <summary>Whether a check fails by it.</summary>
    public bool Fails => Verdict is Verdict.Worse or Verdict.Changed or Verdict.Impossible or Verdict.Missing or Verdict.Unfinished;

    /// <summary>Whether the baseline has it.</summary>
    public bool IsGuarded => Verdict is not (Verdict.Unguarded or Verdict.Unfinished) && !double.IsNaN(Metric.Value);

    /// <summary>Now less before.</summary>
    public double? Moved => Verdict == Verdict.Unguarded || double.IsNaN(Metric.Value) ? null : Fresh - Metric.Value;

    /// <summary>The same in standard deviations between seeds; null where there are none.</summary>
    public double? Spreads => Metric.IsExact ? null : Moved / Metric.Tolerated;

    /// <summary>A sentence: which metric of which method, how it moved and by how much, and how much was allowed.</summary>
    public string Sentence => Verdict switch
    {
        Verdict.Missing => $"{Metric.Method}: {Metric.Name} is gone: {Why}; it was {Number(Metric.Value)}{Unit}.",
        Verdict.Unfinished =>
            $"{Metric.Method}: of {Number(Metric.Value)} runs {Number(Fresh!.Value)} {(Fresh == 1 ? "is" : "are")} finished: {Why}.",
        Verdict.Unguarded => $"{Metric.Method}: {Metric.Name} is {Number(Fresh!.Value)}{Unit}, and is not guarded.",
        Verdict.Impossible => $"{Metric.Method}: {Metric.Name} cannot be {Number(Fresh!.Value)}{Unit}: {Why}{Before}.",
        _ => $"{Metric.Method}: {Metric.Name} {Word}: {Number(Fresh!.Value)}{Unit} instead of {Number(Metric.Value)}{Distance}.",
    };

    /// <summary>Compares fresh seeds with a row of the baseline.</summary>
    /// <param name="guarded">The baseline's row.</param>
    /// <param name="fresh">What the results say of it.</param>
    /// <param name="tolerance">That of the whole baseline.</param>
    public static MetricComparison Of(GuardedMetric guarded, GuardedMetric fresh, Tolerance tolerance)
    {
        double allowed = tolerance.Allowed(guarded, fresh.Seeds), moved = fresh.Value - guarded.Value;
        var verdict = Math.Abs(moved) <= allowed ? Verdict.Same
            : guarded.Better == Direction.Same ? Verdict.Changed
            : double.IsFinite(moved) && moved < 0 == (guarded.Better == Direction.Less) ? Verdict.Better
            : Verdict.Worse; // and what is no number
        return new(guarded, fresh.Value, allowed, tolerance.Found(guarded, fresh.Seeds)) { Verdict = verdict };
    }

    /// <summary>A method of which some runs failed or are not finished: the mean over the others would hide it.</summary>
    internal static MetricComparison Unfinished(string name, MethodResult method) => new(
        new(name, "finished-runs", "", "", Direction.Same, method.Runs.Length, Spread: 0, method.Runs.Length), method.Finished.Length,
        Allowed: 0, Found: 0, method.Remark!)
    {
        Verdict = Verdict.Unfinished,
    };

    /// <summary>An impossible number that is not guarded: the value of the baseline is NaN.</summary>
    internal static MetricComparison Impossible(string name, ImpossibleValue value) => new(
        new(name, value.Metric, value.Where, value.Unit, Direction.Same, double.NaN, Spread: 0, Seeds: 1),
        value.Value,
        Allowed: 0,
        Found: 0,
        Reason(value))
    {
        Verdict = Verdict.Impossible,
    };

    /// <summary>Which run, and what its number contradicts.</summary>
    internal static string Reason(ImpossibleValue value) => $"run {value.Run.Id}, seed {value.Run.Seed}, has {value.Sentence}";

    private string Unit => Metric.Unit.Length == 0 ? "" : $" {Metric.Unit}";

    private string Before => IsGuarded ? $"; it was {Number(Metric.Value)}" : "";

    private string Word =>
        Verdict switch { Verdict.Worse => "is worse", Verdict.Better => "is better", Verdict.Changed => "has changed", _ => "is the same" };

    private string Distance
    {
        get
        {
            if (Moved is not { } moved || !double.IsFinite(moved))
                return "";
            string by = $", {Number(Math.Abs(moved))} {(moved < 0 ? "less" : "more")}";
            return Spreads is { } spreads
                ? $"{by} or {NumberFormat.Fixed(1).Text(Math.Abs(spreads))} spreads between seeds, and chance explains {Number(Allowed)}"
                : $"{by}, though it has no random draws";
        }
    }

    // Two digits of what moved, and counts whole.
    private string Number(double value)
    {
        if (Metric.IsExact && value == Math.Floor(value) && Math.Abs(value) < 1e15)
            return NumberFormat.Plain.Text(value);
        int digits = Moved is { } moved && moved != 0 && double.IsFinite(moved)
            ? Math.Clamp(1 - (int)Math.Floor(Math.Log10(Math.Abs(moved))), 4, 12)
            : 4;
        return NumberFormat.Fixed(digits).Text(value);
    }
}

/// <summary>What became of a guarded metric.</summary>
public enum Verdict
{
    /// <summary>Within what chance allows.</summary>
    Same,

    /// <summary>Better by more than chance allows: the baseline is out of date.</summary>
    Better,

    /// <summary>Worse by more than chance allows.</summary>
    Worse,

    /// <summary>Moved by more than chance allows, where neither way is better.</summary>
    Changed,

    /// <summary>
    /// What no sound measurement gives (<see cref="Validity.ValueRules"/>), such as a likelihood below the entropy of the text: no
    /// bound, however good it looks.
    /// </summary>
    Impossible,

    /// <summary>The results do not have it.</summary>
    Missing,

    /// <summary>Runs of a guarded method failed or are not finished, so that its numbers are of the others alone.</summary>
    Unfinished,

    /// <summary>The baseline does not have it.</summary>
    Unguarded,
}
