using System.Collections.Immutable;
using Bench.Reporting.Numbers;
using Bench.Reporting.Tables;

namespace Bench.Reporting.Regression;

/// <summary>Fresh metrics beside the ones that are guarded.</summary>
/// <param name="Rows">Guarded ones in the order of their file, then those that nobody guards.</param>
public sealed record RegressionCheck(ImmutableArray<(GuardedMetric Metric, double? Fresh, Verdict Verdict)> Rows)
{
    /// <summary>Whether something is worse, or is gone.</summary>
    public bool Failed => Rows.Any(row => row.Verdict is Verdict.Worse or Verdict.Missing);

    /// <summary>Compares.</summary>
    /// <param name="guarded">The baseline.</param>
    /// <param name="fresh">What results say.</param>
    public static RegressionCheck Of(ImmutableArray<GuardedMetric> guarded, ImmutableArray<GuardedMetric> fresh)
    {
        var found = fresh.ToDictionary(Key);
        return new(
        [
            .. guarded.Select(metric => found.TryGetValue(Key(metric), out var now) ? (metric, now.Value, Judge(metric, now.Value)) : (metric, (double?)null, Verdict.Missing)),
            .. fresh.ExceptBy(guarded.Select(Key), Key).Select(metric => (metric, (double?)metric.Value, Verdict.Unguarded)),
        ]);
    }

    /// <summary>What moved, or everything.</summary>
    public Table Table(bool all) => new(
        "regression",
        "Guarded metrics; less is better. A single run may differ by four standard deviations between seeds and 0.005.",
        [
            new("method", "Method") { Alignment = Alignment.Left },
            new("split", "Split") { Alignment = Alignment.Left },
            new("baseline", "Baseline") { Format = NumberFormat.Fixed(4) },
            new("fresh", "Now") { Format = NumberFormat.Fixed(4) },
            new("allowed", "Allowed", "more") { Format = NumberFormat.Fixed(4) },
            new("verdict", "Verdict") { Alignment = Alignment.Left },
        ],
        [.. Rows.Where(row => all || row.Verdict != Verdict.Same).Select(Row)],
        []);

    private static Row Row((GuardedMetric Metric, double? Fresh, Verdict Verdict) row) => new(
    [
        new Cell.Words(row.Metric.Method),
        new Cell.Words($"{row.Metric.Split} {row.Metric.Unit}"),
        row.Verdict == Verdict.Unguarded ? new Cell.Absent("the baseline has no such row") : new Cell.Number(new Measurement(row.Metric.Value)),
        row.Fresh is { } fresh ? new Cell.Number(new Measurement(fresh)) : new Cell.Absent("the results have no such number"),
        row.Verdict == Verdict.Unguarded ? new Cell.Absent("the baseline has no such row") : new Cell.Number(new Measurement(row.Metric.Allowed)),
        new Cell.Words(row.Verdict switch
        {
            Verdict.Same => "same",
            Verdict.Better => "better",
            Verdict.Worse => "WORSE",
            Verdict.Missing => "MISSING",
            _ => "not guarded",
        }),
    ]);

    private static Verdict Judge(GuardedMetric metric, double fresh) => (fresh - metric.Value) switch
    {
        var more when more > metric.Allowed || double.IsNaN(more) => Verdict.Worse,
        var more when more < -metric.Allowed => Verdict.Better,
        _ => Verdict.Same,
    };

    private static (string Method, string Metric, string Split) Key(GuardedMetric metric) => (metric.Method, metric.Metric, metric.Split);
}
