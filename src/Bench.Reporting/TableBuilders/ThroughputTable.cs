using System.Collections.Immutable;
using Bench.Reporting.Comparisons;
using Bench.Reporting.Statistics;
using Bench.Reporting.Tables;
using Bench.Results;
using Bench.Results.Metrics;

namespace Bench.Reporting.TableBuilders;

/// <summary>How fast each method generates at its main setting: a row a batch size, with the cache and without.</summary>
internal static class ThroughputTable
{
    /// <summary>Null when no speed was measured.</summary>
    public static Table? Build(Comparison comparison, RunLinks links)
    {
        ImmutableArray<MetricDescriptor> costs =
            [.. comparison.Catalog.Shown(MetricKind.Cost).Where(metric => IsMeasured(comparison, metric))];
        ImmutableArray<Row> rows = [.. comparison.Methods.SelectMany(method => Rows(method, costs, links))];
        return rows.IsEmpty
            ? null
            : new Table(
                $"throughput{comparison.Suffix}",
                "Speed of generation, with keys and values of settled tokens kept and without; brackets hold the extremes of repeats.",
                [
                    new("method", "Method") { Alignment = Alignment.Left },
                    new("batch", "Batch") { Format = NumberFormat.Plain },
                    new("cached", "With cache") { Alignment = Alignment.Left },
                    .. costs.Select(metric => metric.ColumnOf(comparison.Units)),
                    new("speed_up", "Speed-up", "measured") { IsUncertain = true, Format = NumberFormat.Fixed(2) },
                    new("predicted_speed_up", "Speed-up", "predicted") { Format = NumberFormat.Fixed(2) },
                ],
                rows,
                [.. Notes(comparison, costs)])
            {
                Protocols =
                [
                    .. ProtocolLines.Of(
                        from method in comparison.Methods
                        from protocol in method.Generated.Protocols(GenerationCosts.TokensPerSecond)
                        select (method.NGramOrder is null ? method.Label : "n-grams", protocol)),
                ],
            };
    }

    private static IEnumerable<Row> Rows(MethodResult method, ImmutableArray<MetricDescriptor> costs, RunLinks links)
    {
        if (method.Generated.Main is not { } main)
            return [];
        string? link = links.To(method, "generation.csv");
        Cell Number(Measurement? value, string why) => value is { } number ? new Cell.Number(number, link) : new Cell.Absent(why);

        return method.Generated.Settings
            .Where(setting => Generated.IsSameText(setting, main))
            .Where(setting => method.Generated.Measure(setting, GenerationCosts.TokensPerSecond) is not null)
            .OrderBy(setting => setting.Batch)
            .ThenBy(setting => setting.Cached)
            .Select(setting =>
            {
                var pair = CachePair.Of(method).FirstOrDefault(pair => pair.Cached == setting);
                string why = setting.Cached ? "not timed without the cache" : "is without the cache, to which the speed-up is relative";
                return new Row(
                [
                    new Cell.Words(method.Label, links.ToDefinition(method)),
                    new Cell.Number(new Measurement(setting.Batch)),
                    new Cell.Words(setting.Cached ? "yes" : "no"),
                    .. costs.Select(metric => Number(
                        method.Generated.Measure(setting, metric),
                        metric == GenerationCosts.CacheMemory && !setting.Cached ? "nothing is kept" : "this run recorded no such number")),
                    Number(pair?.SpeedUp, why),
                    Number(pair?.Predicted, pair is null ? why : "input slots through the network were not counted"),
                ])
                {
                    IsBaseline = method.NGramOrder is not null,
                    IsDataOnly = setting.Batch != main.Batch,
                };
            });
    }

    // Memory has lines of its own.
    private static IEnumerable<string> Notes(Comparison comparison, ImmutableArray<MetricDescriptor> costs)
    {
        yield return "Batch: the one that the other tables and figures use. Other batches and sequences per second are in the CSV file.";
        var noted = costs
            .Where(metric => metric.IsNoted)
            .ToLookup(metric => metric.Unit == Units.Mebibytes, metric => metric.Note(comparison.Units));
        if (noted[false].Any())
            yield return string.Join(' ', noted[false]);
        foreach (string note in noted[true])
            yield return note;
        yield return "Speed-up: tokens per second with the cache over those without. "
            + "Predicted: input slots without the cache over those with it, as if all slots took the same time.";
    }

    private static bool IsMeasured(Comparison comparison, MetricDescriptor metric) => comparison.Methods.Any(method =>
        method.Generated.Settings.Any(setting => method.Generated.Measure(setting, metric) is not null));
}
