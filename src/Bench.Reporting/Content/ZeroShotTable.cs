using System.Collections.Immutable;
using Bench.Reporting.Comparisons;
using Bench.Reporting.Numbers;
using Bench.Reporting.Tables;
using Bench.Results;

namespace Bench.Reporting.Content;

/// <summary>How likely text of other kinds is to a model that saw none of it: one column a kind, beside the text of its own kind.</summary>
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
                .Where(metric => metric.Name == MetricNames.Likelihood && Splits.IsZeroShot(metric.Split))
                .Select(metric => metric.Split)
                .Distinct(StringComparer.Ordinal),
        ];
        if (domains.Length == 0)
            return null;

        return new Table(
            $"zero-shot{comparison.Suffix}",
            $"Likelihood of text of other kinds, by models trained on {comparison.Corpus} alone. Lower is better; ≤ marks an upper bound; ± is one standard error.",
            [
                new("method", "Method") { Alignment = Alignment.Left },
                new($"test_bits_per_{comparison.Units.One}", "Test", comparison.Units.Bits) { IsUncertain = true },
                .. domains.Select(domain => new Column($"{domain}_bits_per_{comparison.Units.One}", domain, comparison.Units.Bits) { IsUncertain = true }),
            ],
            [.. comparison.Methods.Where(method => domains.Any(domain => method.Bits(domain) is not null)).Select(method => Row(method, domains, links))],
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
