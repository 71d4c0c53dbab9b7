using System.Collections.Immutable;
using Bench.Reporting.Comparisons;
using Bench.Reporting.Validity;
using Bench.Results.Metrics;

namespace Bench.Reporting.Regression;

/// <summary>Fresh numbers beside the ones that are guarded.</summary>
/// <param name="Before">The baseline.</param>
/// <param name="Tolerance">What chance may do to it.</param>
/// <param name="Rows">
/// Guarded ones in the order of their file, then methods whose runs are not all finished, then numbers that are not guarded.
/// </param>
public sealed record RegressionCheck(Baseline Before, Tolerance Tolerance, ImmutableArray<MetricComparison> Rows)
{
    /// <summary>Whether something is worse, has changed, is gone, or was not measured to its end.</summary>
    public bool Failed => Rows.Any(row => row.Fails);

    /// <summary>Metrics that moved.</summary>
    public IEnumerable<MetricComparison> Moved => Rows.Where(row => row.Verdict != Verdict.Same);

    /// <summary>Rows that fail the check, the most spreads first; those without randomness before all.</summary>
    public IEnumerable<MetricComparison> Failures =>
        Rows.Where(row => row.Fails).OrderByDescending(row => Math.Abs(row.Spreads ?? double.PositiveInfinity));

    /// <summary>Methods that may fail by chance: only numbers that depend on random draws fail. None where anything else fails.</summary>
    public ImmutableArray<string> Doubtful => Failures.All(row => row is { Spreads: not null, Verdict: Verdict.Worse or Verdict.Changed })
        ? [.. Failures.Select(row => row.Metric.Method).Distinct(StringComparer.Ordinal)]
        : [];

    /// <summary>The verdict in a line.</summary>
    public string Headline
    {
        get
        {
            int guarded = Rows.Count(row => row.IsGuarded), same = Rows.Count(row => row.Verdict == Verdict.Same);
            var counts = new[] { (Verdict.Worse, "worse"), (Verdict.Changed, "changed"), (Verdict.Impossible, "impossible"),
                (Verdict.Missing, "gone"), (Verdict.Unfinished, "with runs that are not finished"), (Verdict.Better, "better"),
                (Verdict.Unguarded, "not guarded yet") }
                .Select(pair => (Count: Rows.Count(row => row.Verdict == pair.Item1), Word: pair.Item2))
                .Where(pair => pair.Count > 0)
                .Select(pair => $", {pair.Count} {pair.Word}");
            return $"{Before.Experiment}: {(Failed ? "FAILED" : "passed")}: {same} of {guarded} guarded metrics are as they "
                + $"were{string.Concat(counts)}.";
        }
    }

    /// <summary>Compares.</summary>
    /// <param name="guarded">The baseline.</param>
    /// <param name="fresh">What results say, of the same experiment.</param>
    /// <param name="falseAlarms">Share of checks of sound code that may fail.</param>
    public static RegressionCheck Of(Baseline guarded, Comparison fresh, double falseAlarms = Tolerance.Usual)
    {
        var methods = fresh.Methods.ToDictionary(method => Baseline.NameOf(fresh, method));
        var check = Of(guarded, Baseline.Of(fresh),
            methods.Where(method => method.Value.Remark is not null).ToDictionary(method => method.Key, method => method.Value.Remark!),
            falseAlarms);
        var unfinished = methods
            .Where(
                method => method.Value is { Remark: not null, Finished.Length: > 0 }
                    && guarded.Metrics.Any(metric => metric.Method == method.Key))
            .OrderBy(method => method.Key, StringComparer.Ordinal)
            .Select(method => MetricComparison.Unfinished(method.Key, method.Value));
        var impossible = ImpossibleOf(methods, fresh.Catalog);
        var guards = check.Rows.Where(row => row.IsGuarded && row.Fresh is not null).Select(row => row.Metric.Key).ToHashSet();
        var unguarded = impossible
            .Where(values => !guards.Contains(values.Key))
            .SelectMany(values => values.Select(value => MetricComparison.Impossible(values.Key.Method, value)));
        var rows = check.Rows.Select(Believed).ToLookup(row => row.Verdict == Verdict.Unguarded);
        return check with { Rows = [.. rows[false], .. unguarded, .. unfinished, .. rows[true]] };

        MetricComparison Believed(MetricComparison row) => guards.Contains(row.Metric.Key) && impossible.Contains(row.Metric.Key)
            ? row with { Verdict = Verdict.Impossible, Why = string.Join("; ", impossible[row.Metric.Key].Select(MetricComparison.Reason)) }
            : row;
    }

    /// <summary>Compares two baselines.</summary>
    /// <param name="guarded">The one that is kept.</param>
    /// <param name="fresh">The one that was measured now.</param>
    /// <param name="excuses">By method, why it may lack something.</param>
    /// <param name="falseAlarms">Share of checks of sound code that may fail.</param>
    public static RegressionCheck Of(Baseline guarded, Baseline fresh, IReadOnlyDictionary<string, string>? excuses = null,
        double falseAlarms = Tolerance.Usual)
    {
        var found = fresh.Metrics.ToDictionary(metric => metric.Key);
        var tolerance = Tolerance.Of(guarded.Metrics, falseAlarms);
        return new(
            guarded,
            tolerance,
            [
                .. guarded.Metrics.Select(
                    metric => found.TryGetValue(metric.Key, out var now) ? MetricComparison.Of(metric, now, tolerance) : Gone(metric)),
                .. fresh.Metrics.ExceptBy(guarded.Metrics.Select(metric => metric.Key), metric => metric.Key).Select(New),
            ]);

        MetricComparison Gone(GuardedMetric metric) =>
            new(metric, Fresh: null, tolerance.Allowed(metric, 1), tolerance.Found(metric, 1),
                Excuse(metric)) { Verdict = Verdict.Missing };

        static MetricComparison New(GuardedMetric metric) =>
            new(metric, metric.Value, Allowed: double.NaN, Found: double.NaN) { Verdict = Verdict.Unguarded };

        string Excuse(GuardedMetric metric) =>
            excuses?.GetValueOrDefault(metric.Method)
                ?? (fresh.Metrics.Any(other => other.Method == metric.Method)
                    ? "the results have no such number"
                    : "the results have no such method");
    }

    // By what baselines call a row.
    private static ILookup<(string Method, string Metric, string Where), ImpossibleValue> ImpossibleOf(
        Dictionary<string, MethodResult> methods, MetricCatalog catalog) => methods
        .SelectMany(method => ValueRules.Violations(method.Value.Runs, catalog).Select(value => (Method: method.Key, Value: value)))
        .OrderBy(found => found.Method, StringComparer.Ordinal)
        .ToLookup(found => (found.Method, found.Value.Metric, found.Value.Where), found => found.Value);
}

/// <summary>What to do about a check that failed, for readers who see nothing but its log.</summary>
/// <param name="Baseline">The baseline's file.</param>
/// <param name="Commit">The commit that the baseline was measured at; null where it is unknown.</param>
public sealed record RegressionAdvice(string Baseline, string? Commit)
{
    /// <summary>One line a way out.</summary>
    public IReadOnlyList<string> Lines =>
    [
        $"If this was meant: measure the experiment with several seeds as "
            + $"{Path.Combine(Path.GetDirectoryName(Path.GetDirectoryName(Baseline)) ?? "", "README.md")} says, then 'bench regress "
            + $"--baseline {Baseline} --results <folder> --update --reason \"why\"', and commit the file.",
        $"If it was not: 'git bisect start HEAD {Commit ?? "<a commit that passed>"}' and 'git bisect run make regress' find the commit "
            + $"that did it.",
        "If only the machine has changed: numbers with random draws may move about as much as between seeds, which is allowed for; one "
            + "that moves further with another seed as well did not move by chance.",
    ];
}
