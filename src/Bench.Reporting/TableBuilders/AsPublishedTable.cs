using System.Collections.Immutable;
using Bench.Reporting.Comparisons;
using Bench.Reporting.Statistics;
using Bench.Reporting.Tables;
using Bench.Results;
using Bench.Results.Metrics;
using Bench.Results.Runs;

namespace Bench.Reporting.TableBuilders;

/// <summary>
/// Numbers of imported networks beside those that their papers report: as the paper's program measures, and by our bound on the same rows.
/// </summary>
internal sealed class AsPublishedTable(
    IEnumerable<RunRecord> runs, ImmutableArray<PublishedNumber> published, Bibliography bibliography, RunLinks links)
{
    /// <summary>A row for each text of each run; null where nothing was measured as published.</summary>
    public Table? Build()
    {
        ImmutableArray<Row> rows =
        [
            .. from run in runs
               where run.Status.State == RunState.Finished
               orderby run.Definition.Title, run.Experiment, run.Seed, run.Id
               from metric in run.Metrics
               where metric.Name == PublishedMetrics.Perplexity.Name
               select Row(run, metric),
        ];
        if (rows.IsEmpty)
            return null;
        string unit = PublishedMetrics.Perplexity.UnitPer(LikelihoodUnits.Token);
        return new(
            "as-published",
            "Published networks: the perplexity that their papers report, ours by the paper's protocol, and ours by the bound. ≤ marks an "
                + "upper bound; ± is one standard error.",
            [
                new("method", "Method") { Alignment = Alignment.Left },
                new("text", "Text") { Alignment = Alignment.Left },
                new("published", "Published", unit) { IsUncertain = true },
                new("as_published", "As published", unit) { IsUncertain = true, Format = NumberFormat.Fixed(2) },
                new("difference", "Difference", unit)
                {
                    IsUncertain = true, Format = NumberFormat.Fixed(2), Interval = IntervalUse.Shown,
                },
                new("ours", "Ours", unit) { IsUncertain = true, Format = NumberFormat.Fixed(2) },
                new("differs", "What differs") { Alignment = Alignment.Left, IsProse = true },
                new("source", "Source") { Alignment = Alignment.Left },
            ],
            rows,
            [
                "As published: the rows, noise times and counted tokens of the paper's program, as a rule one noise time a row. Ours: the "
                    + "bound on the same rows with more noise times and nothing left out.",
                "Difference: as published less published, with its 95 % interval, as if the published number had no error: papers give "
                    + "none.",
            ])
        {
            Protocols =
            [
                .. ProtocolLines.Of(
                    from run in runs
                    from metric in run.Metrics
                    where metric.Name == PublishedMetrics.Perplexity.Name && run.Status.State == RunState.Finished
                    select ($"{run.Definition.Title}, {metric.Split}", metric.Protocol)),
            ],
        };
    }

    private Row Row(RunRecord run, Metric metric)
    {
        var found = new Measurement(metric.Value, metric.StandardError, IsUpperBound: !IsExact(run, metric.Split));
        string link = links.To(run, "metrics.csv");
        var (number, why) = Find(run, metric.Split);
        return new(
        [
            new Cell.Words(run.Definition.Title, links.To(run, "definition.json")),
            new Cell.Words(metric.Split),
            number is null ? new Cell.Absent(why) : new Cell.Number(new Measurement(number.Value, IsUpperBound: number.IsUpperBound))
            {
                Format = NumberFormat.Fixed(number.Decimals),
            },
            new Cell.Number(found, link),
            number is null ? new Cell.Absent(why) : new Cell.Number(Difference(metric, number.Value), link),
            run.Find(LikelihoodMetrics.Perplexity.Name, metric.Split) is { } ours
                ? new Cell.Number(new Measurement(ours.Value, ours.StandardError, IsUpperBound: !IsExact(run, metric.Split)), link)
                : new Cell.Absent("this run recorded no such number"),
            run.Definition.Text("reported.differs") is { Length: > 0 } differs
                ? new Cell.Words(differs)
                : new Cell.Absent("its definition says nothing of it"),
            number is null ? new Cell.Absent(why) : new Cell.Words(
                bibliography.ShortName(number.Paper) + (number.Table.Length == 0 ? "" : $", {number.Table}")
                    + (number.Certainty == Certainty.Paper ? "" : $" ({number.Certainty.ToString().ToLowerInvariant()})"),
                bibliography.Address(number.Paper)),
        ]);
    }

    private static Measurement Difference(Metric metric, double published)
    {
        double value = metric.Value - published;
        return metric.StandardError is not { } error || !(error > 0) ? new(value) : new(value, error)
        {
            Interval = new Interval(value - (Interval.Reach * error), value + (Interval.Reach * error)),
        };
    }

    // A bound has terms.
    private static bool IsExact(RunRecord run, string split) => run.Find(BoundMetrics.Diffusion.Name, split) is null;

    // The one row of the method and paper that is of this text.
    private (PublishedNumber? Number, string Why) Find(RunRecord run, string text)
    {
        if (run.Definition.Text("reported.method") is not { } method || run.Definition.Text("reported.paper") is not { } paper)
            return (null, "its definition names no published number");
        string protocol = run.Definition.Text("reported.protocol") ?? "", plain = Plain(text);
        PublishedNumber[] of =
        [
            .. published.Where(number => number.Method == method && number.Paper == paper
                && number.Metric == LikelihoodMetrics.Perplexity.Name
                && number.Protocol.Contains(protocol, StringComparison.Ordinal)
                // A paper that says WikiText may mean either.
                && plain.StartsWith(Plain(number.Dataset), StringComparison.Ordinal)),
        ];
        PublishedNumber[] exact = [.. of.Where(number => Plain(number.Dataset) == plain)];
        return (exact.Length > 0 ? exact : of) switch
        {
            [] => (null, "the paper has no number for this text"),
            [var only] => (only, ""),
            _ => (null, "the paper has several numbers for this text, and the definition names none of their protocols"),
        };
    }

    private static string Plain(string name) => string.Concat(name.ToLowerInvariant().Where(char.IsAsciiLetterOrDigit));
}
