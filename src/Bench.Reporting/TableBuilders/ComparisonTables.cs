using System.Collections.Immutable;
using Bench.Reporting.Comparisons;
using Bench.Reporting.Statistics;
using Bench.Reporting.Tables;
using Bench.Results;
using Bench.Results.Metrics;
using Bench.Tasks.GuidanceToy;
using Bench.Tasks.Infilling;

namespace Bench.Reporting.TableBuilders;

/// <summary>The tables of one comparison; those for which nothing was measured are null.</summary>
/// <param name="Likelihood">Of the validation and test text.</param>
/// <param name="Differences">Paired tests between methods, over seeds.</param>
/// <param name="Terms">What the bounds are made of.</param>
/// <param name="ZeroShot">Likelihood of text of other kinds.</param>
/// <param name="Generation">Quality of generated text.</param>
/// <param name="Tasks">Those of tasks, each with its title.</param>
/// <param name="Correction">Original and corrected sampling by rate.</param>
/// <param name="Throughput">Speed of generation.</param>
internal sealed record ComparisonTables(
    Table Likelihood,
    Table? Differences,
    Table? Terms,
    Table? ZeroShot,
    Table? Generation,
    ImmutableArray<(string Title, Table Table)> Tasks,
    Table? Correction,
    Table? Throughput)
{
    public IEnumerable<Table> All =>
        new[] { Likelihood, Differences, Terms, ZeroShot, Generation }
            .Concat(Tasks.Select(task => task.Table)).Append(Correction).Append(Throughput).OfType<Table>();

    public static ComparisonTables Build(Comparison comparison, ImmutableArray<MethodResult> scorers,
        ImmutableArray<PublishedNumber> published, RunLinks links) => new(
        new LikelihoodTable(comparison, links).Build(),
        TableBuilders.Differences.Build(comparison, links),
        TermsTable.Build(comparison, links),
        ZeroShotTable.Build(comparison, links),
        new GenerationTable(comparison, scorers, links).Build(),
        TaskTables.Build(comparison, links),
        CorrectionTable.Build(comparison, published, links),
        ThroughputTable.Build(comparison, links));
}

/// <summary>The tables of tasks. One with a table of its own is one more line.</summary>
internal static class TaskTables
{
    /// <summary>Each with its title; a builder makes null where no run is for its task.</summary>
    public static readonly ImmutableArray<(string Title, Func<Comparison, RunLinks, Table?> Build)> All =
        [(InfillingTable.Title, InfillingTable.Build), (GuidanceToyTable.Title, GuidanceToyTable.Build)];

    /// <summary>Those of the tasks that the comparison has runs of.</summary>
    public static ImmutableArray<(string Title, Table Table)> Build(Comparison comparison, RunLinks links) =>
        [.. from task in All let table = task.Build(comparison, links) where table is not null select (task.Title, table)];
}

/// <summary>The terms of every bound: none is dropped, however small.</summary>
internal static class TermsTable
{
    /// <summary>Null when no method of the comparison reports a bound.</summary>
    public static Table? Build(Comparison comparison, RunLinks links)
    {
        ImmutableArray<MetricDescriptor> terms = [.. comparison.Catalog.Shown(MetricKind.Bound), LikelihoodMetrics.Nats];
        ImmutableArray<Row> rows =
        [
            .. comparison.Methods
                .SelectMany(_ => (string[])[Splits.Validation, Splits.Test], (method, split) => (method, split))
                .Where(pair => pair.method.Measure(BoundMetrics.Diffusion, pair.split) is not null)
                .Select(pair => Row(pair.method, pair.split, terms, links)),
        ];
        return rows.Length == 0
            ? null
            : new Table(
                $"terms{comparison.Suffix}",
                "What each likelihood bound is made of. The bound is the sum of its terms.",
                [
                    new("method", "Method") { Alignment = Alignment.Left },
                    new("split", "Split") { Alignment = Alignment.Left },
                    .. terms.Select(term => term.ColumnOf(comparison.Units)),
                ],
                rows,
                [$"1 {comparison.Units.Nats.Replace("nats", "nat", StringComparison.Ordinal)} is 1.4427 {comparison.Units.Bits}."]);
    }

    private static Row Row(MethodResult method, string split, ImmutableArray<MetricDescriptor> terms, RunLinks links)
    {
        string? link = links.To(method);
        return new(
        [
            new Cell.Words(method.Label, links.ToDefinition(method)),
            new Cell.Words(split),
            .. terms.Select(term => method.Measure(term, split) is { } found
                ? (Cell)new Cell.Number(found, link)
                : new Cell.Absent("this run recorded no such term")),
        ]);
    }
}

/// <summary>
/// Zero-shot likelihood: text of kinds that a model was not trained on, one column a kind, beside the test text of its own kind.
/// </summary>
internal static class ZeroShotTable
{
    /// <summary>Null when nothing was measured on another text.</summary>
    public static Table? Build(Comparison comparison, RunLinks links)
    {
        string[] domains =
        [
            .. comparison.Methods
                .SelectMany(method => method.Finished)
                .SelectMany(run => run.Metrics)
                .Where(metric => metric.Name == LikelihoodMetrics.Likelihood.Name && Splits.IsZeroShot(metric.Split))
                .Select(metric => metric.Split)
                .Distinct(StringComparer.Ordinal),
        ];
        if (domains.Length == 0)
            return null;

        var bits = LikelihoodMetrics.Likelihood.ColumnOf(comparison.Units);
        return new Table(
            $"zero-shot{comparison.Suffix}",
            $"Likelihood of text of other kinds, by models trained on {comparison.Corpus} alone. Lower is better; ≤ marks an upper "
                + $"bound; ± is one standard error.",
            [
                new("method", "Method") { Alignment = Alignment.Left },
                bits with { Key = $"test_bits_per_{comparison.Units.One}", Title = "Test" },
                .. domains.Select(domain => bits with { Key = $"{domain}_bits_per_{comparison.Units.One}", Title = domain }),
            ],
            [.. comparison.Methods.Where(method => domains.Any(domain => method.Bits(domain) is not null))
                .Select(method => Row(method, domains, links))],
            [$"Test: the test text of {comparison.Corpus}, which the other columns are to be compared with."])
        {
            Protocols = [.. Protocols(comparison, domains)],
        };
    }

    private static Row Row(MethodResult method, string[] domains, RunLinks links)
    {
        string? link = links.To(method);
        return new(
        [
            new Cell.Words(method.Label, links.ToDefinition(method)),
            .. domains.Prepend(Splits.Test).Select(split => method.Bits(split) is { } bits
                ? (Cell)new Cell.Number(bits, link)
                : new Cell.Absent("this run recorded no such number")),
        ])
        {
            IsBaseline = method.NGramOrder is not null,
            Remark = method.Remark,
        };
    }

    // How, by method; and of what text, by domain.
    private static IEnumerable<string> Protocols(Comparison comparison, string[] domains)
    {
        var all = (from method in comparison.Methods
                   from domain in domains
                   from protocol in method.Protocols(domain)
                   select (Subject: method.NGramOrder is null ? method.Label : "n-grams", Domain: domain, Protocol: protocol)).ToList();
        if (all.Exists(entry => ProtocolLines.First(entry.Protocol).Length == 0))
            return ProtocolLines.Of(all.Select(entry => ($"{entry.Domain} of {entry.Subject}", entry.Protocol)));
        return
        [
            .. ProtocolLines.Of(all.Select(entry => (entry.Subject, ProtocolLines.First(entry.Protocol)))),
            .. ProtocolLines.Of(all.Select(entry => (entry.Domain, ProtocolLines.Last(entry.Protocol)))),
        ];
    }
}
