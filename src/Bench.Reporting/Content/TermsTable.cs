using System.Collections.Immutable;
using Bench.Reporting.Comparisons;
using Bench.Reporting.Numbers;
using Bench.Reporting.Tables;
using Bench.Results;

namespace Bench.Reporting.Content;

/// <summary>The terms of every bound: none is dropped, however small.</summary>
internal static class TermsTable
{
    private static ImmutableArray<Column> Columns(string unit) =>
    [
        new("method", "Method") { Alignment = Alignment.Left },
        new("split", "Split") { Alignment = Alignment.Left },
        new("diffusion", "Diffusion", unit) { IsUncertain = true, Format = NumberFormat.Fixed(4) },
        new("prior", "Prior", unit) { IsUncertain = true, Format = NumberFormat.Fixed(6) },
        new("reconstruction", "Reconstruction", unit) { IsUncertain = true, Format = NumberFormat.Fixed(6) },
        new("bound", "Bound", unit) { IsUncertain = true, Format = NumberFormat.Fixed(4) },
    ];

    /// <summary>Null when no method of the comparison reports a bound.</summary>
    public static Table? Build(Comparison comparison, RunLinks links)
    {
        ImmutableArray<Row> rows =
        [
            .. comparison.Methods
                .SelectMany(_ => (string[])[Splits.Validation, Splits.Test], (method, split) => (method, split))
                .Where(pair => pair.method.Measure(MetricNames.Diffusion, pair.split) is not null)
                .Select(pair => Row(pair.method, pair.split, links)),
        ];
        return rows.Length == 0
            ? null
            : new Table(
                $"terms{comparison.Suffix}",
                "What each likelihood bound is made of. The bound is the sum of its terms.",
                Columns(comparison.Units.Nats),
                rows,
                [$"1 {comparison.Units.Nats.Replace("nats", "nat", StringComparison.Ordinal)} is 1.4427 {comparison.Units.Bits}."]);
    }

    private static Row Row(MethodResult method, string split, RunLinks links)
    {
        string? link = links.To(method);
        Cell Term(string name) => method.Measure(name, split) is { } found
            ? new Cell.Number(found, link)
            : new Cell.Absent("this run recorded no such term");

        return new(
        [
            new Cell.Words(method.Label, links.ToDefinition(method)),
            new Cell.Words(split),
            Term(MetricNames.Diffusion),
            Term(MetricNames.Prior),
            Term(MetricNames.Reconstruction),
            Term(MetricNames.LikelihoodNats),
        ]);
    }
}
