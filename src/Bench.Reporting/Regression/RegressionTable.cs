using System.Globalization;
using System.Text;
using Bench.Reporting.Statistics;
using Bench.Reporting.Tables;
using Bench.Results.Metrics;
using MathNet.Numerics.Statistics;

namespace Bench.Reporting.Regression;

/// <summary>A check as a table, and what its tolerance means.</summary>
public static class RegressionTable
{
    /// <summary>Rows of a check.</summary>
    /// <param name="check">The check.</param>
    /// <param name="all">Those that did not move, too.</param>
    public static Table Of(RegressionCheck check, bool all) => new(
        "regression",
        all ? "All guarded metrics." : "Metrics that moved.",
        [
            new("method", "Method") { Alignment = Alignment.Left },
            new("metric", "Metric") { Alignment = Alignment.Left },
            new("where", "Where") { Alignment = Alignment.Left },
            new("better", "Better") { Alignment = Alignment.Left },
            new("baseline", "Baseline") { Format = NumberFormat.Fixed(4) },
            new("fresh", "Now") { Format = NumberFormat.Fixed(4) },
            new("spreads", "Moved", "spreads") { Format = NumberFormat.Fixed(1) },
            new("allowed", "Allowed") { Format = NumberFormat.Fixed(4) },
            new("found", "Found", "19 of 20") { Format = NumberFormat.Fixed(4) },
            new("verdict", "Verdict") { Alignment = Alignment.Left },
        ],
        [.. (all ? check.Rows : check.Moved).Select(Row)],
        [.. Notes(check)]);

    /// <summary>The false-alarm rate, and the size of changes that are found.</summary>
    private static IEnumerable<string> Notes(RegressionCheck check)
    {
        MetricComparison[] drawn = [.. check.Rows.Where(row => row.IsGuarded && !row.Metric.IsExact)];
        if (drawn.Length > 0)
        {
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"Allowed is what one check of sound code in {1 / check.Tolerance.FalseAlarms:0} exceeds anywhere: Student's t over the "
                    + $"baseline's {Range(drawn)} seeds, shared by {check.Tolerance.Random} numbers with random draws; here "
                    + $"{Median(drawn, row => row.Allowed)} spreads between seeds. A change for the worse of "
                    + $"{Median(drawn, row => row.Found)} spreads is found in 19 checks of 20.");
        }

        if (drawn.Length < check.Rows.Count(row => row.IsGuarded))
            yield return "Numbers without random draws may not move at all.";
    }

    private static string Range(MetricComparison[] rows) =>
        rows.Min(row => row.Metric.Seeds) is var least && rows.Max(row => row.Metric.Seeds) is var most && least == most
            ? $"{least}"
            : $"{least} to {most}";

    private static string Median(MetricComparison[] rows, Func<MetricComparison, double> of) =>
        NumberFormat.Fixed(1).Text(rows.Select(row => of(row) / row.Metric.Tolerated).Median());

    private static Row Row(MetricComparison row)
    {
        const string unguarded = "the baseline has no such row";
        bool guarded = row.IsGuarded || row.Verdict == Verdict.Unfinished;
        return new(
        [
            new Cell.Words(row.Metric.Method),
            new Cell.Words(row.Metric.Metric),
            new Cell.Words(
                row.Metric.Unit.Length == 0
                    ? row.Metric.Where
                    : row.Metric.Where.Length == 0 ? row.Metric.Unit : $"{row.Metric.Where}; {row.Metric.Unit}"),
            new Cell.Words(row.Metric.Better switch { Direction.Less => "less", Direction.More => "more", _ => "same" }),
            guarded ? Value(row.Metric.Value) : new Cell.Absent(unguarded),
            row.Fresh is { } fresh ? Value(fresh) : new Cell.Absent(row.Why),
            row.Spreads is { } spreads ? Number(spreads, NumberFormat.Fixed(1)) : new Cell.Words(""),
            !guarded ? new Cell.Absent(unguarded) : row.Metric.IsExact ? new Cell.Words("nothing") : Number(row.Allowed),
            !guarded || row.Metric.IsExact ? new Cell.Words("") : Number(row.Found),
            new Cell.Words(row.Verdict switch
            {
                Verdict.Same => "same",
                Verdict.Better => "better",
                Verdict.Worse => "WORSE",
                Verdict.Changed => "CHANGED",
                Verdict.Impossible => "IMPOSSIBLE",
                Verdict.Missing => "GONE",
                Verdict.Unfinished => "UNFINISHED",
                _ => "not guarded",
            }),
        ]);

        // Counts are printed whole.
        Cell.Number Value(double value) =>
            Number(value, row.Metric.IsExact && value == Math.Floor(value) && Math.Abs(value) < 1e15 ? NumberFormat.Plain : null);
    }

    private static Cell.Number Number(double value, NumberFormat? format = null) => new(new Measurement(value)) { Format = format };
}

/// <summary>A check as Markdown, for the summary page of a CI job: the verdict, what moved, what to do, and all rows folded.</summary>
public static class RegressionMarkdown
{
    /// <summary>The whole file.</summary>
    public static string Write(RegressionCheck check, RegressionAdvice advice)
    {
        var text = new StringBuilder();
        text.Append($"### {MarkdownTable.Escape(check.Headline)}\n");
        foreach (var row in check.Failures)
            text.Append($"\n- {MarkdownTable.Escape(row.Sentence)}");
        if (check.Failed)
            text.Append("\n\n").AppendJoin("\n\n", advice.Lines.Select(MarkdownTable.Escape)).Append('\n');
        if (check.Moved.Any())
            text.Append('\n').Append(MarkdownTable.Write(RegressionTable.Of(check, all: false)));
        text.Append($"\n<details>\n<summary>All {check.Rows.Length} metrics</summary>\n\n");
        text.Append(MarkdownTable.Write(RegressionTable.Of(check, all: true)));
        return text.Append("\n</details>\n").ToString();
    }
}
