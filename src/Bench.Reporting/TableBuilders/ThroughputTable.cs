using System.Collections.Immutable;
using Bench.Reporting.Comparisons;
using Bench.Reporting.Statistics;
using Bench.Reporting.Tables;
using Bench.Results;

namespace Bench.Reporting.TableBuilders;

/// <summary>How fast each method generates at its main setting: a row a batch size, with the cache and without.</summary>
internal static class ThroughputTable
{
    private static readonly ImmutableArray<(string Metric, Column Column)> Measured =
    [
        (GenerationMetricNames.TokensPerSecond, new("tokens_per_second", "Tokens/s") { Interval = IntervalUse.InData, Format = NumberFormat.Compact }),
        (GenerationMetricNames.SequencesPerSecond, new("sequences_per_second", "Sequences/s") { Interval = IntervalUse.InData, Format = NumberFormat.Fixed(2), IsDataOnly = true }),
        (GenerationMetricNames.NetworkCalls, new("network_calls", "NFE") { Format = NumberFormat.Compact }),
        (GenerationMetricNames.NetworkTokens, new("network_tokens", "Columns", "per token") { Format = NumberFormat.Compact }),
        (GenerationMetricNames.FirstToken, new("first_token_seconds", "First token", "s") { Interval = IntervalUse.InData }),
        (GenerationMetricNames.CacheMemory, new("cache_mebibytes", "Cache", "MiB") { Format = NumberFormat.Fixed(2) }),
        (GenerationMetricNames.PeakMemory, new("added_mebibytes", "Added memory", "MiB") { Format = NumberFormat.Fixed(0) }),
    ];

    /// <summary>Null when no speed was measured.</summary>
    public static Table? Build(Comparison comparison, RunLinks links)
    {
        ImmutableArray<Row> rows = [.. comparison.Methods.SelectMany(method => Rows(method, links))];
        return rows.IsEmpty
            ? null
            : new Table(
                $"throughput{comparison.Suffix}",
                "Speed of generation, with keys and values of settled tokens kept and without; brackets hold the extremes of repeats.",
                [
                    new("method", "Method") { Alignment = Alignment.Left },
                    new("batch", "Batch") { Format = NumberFormat.Plain },
                    new("cached", "With cache") { Alignment = Alignment.Left },
                    .. Measured.Select(pair => pair.Column),
                    new("speed_up", "Speed-up", "measured") { IsUncertain = true, Format = NumberFormat.Fixed(2) },
                    new("predicted_speed_up", "Speed-up", "predicted") { Format = NumberFormat.Fixed(2) },
                ],
                rows,
                [.. Notes(comparison)])
            {
                Protocols = [.. ProtocolLines.Of(comparison.Methods.SelectMany(method => method.Generated.Protocols(GenerationMetricNames.TokensPerSecond).Select(protocol => (method.NGramOrder is null ? method.Label : "n-grams", protocol))))],
            };
    }

    private static IEnumerable<Row> Rows(MethodResult method, RunLinks links)
    {
        if (method.Generated.Main is not { } main)
            return [];
        string? link = links.To(method, "generation.csv");
        Cell Number(Measurement? value, string why) => value is { } number ? new Cell.Number(number, link) : new Cell.Absent(why);

        return method.Generated.Settings
            .Where(setting => Generated.IsSameText(setting, main) && method.Generated.Measure(setting, GenerationMetricNames.TokensPerSecond) is not null)
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
                    .. Measured.Select(column => Number(
                        method.Generated.Measure(setting, column.Metric),
                        column.Metric == GenerationMetricNames.CacheMemory && !setting.Cached ? "nothing is kept" : "this run recorded no such number")),
                    Number(pair?.SpeedUp, why),
                    Number(pair?.Predicted, pair is null ? why : "columns through the network were not counted"),
                ])
                {
                    IsBaseline = method.NGramOrder is not null,
                    IsDataOnly = setting.Batch != main.Batch,
                };
            });
    }

    private static IEnumerable<string> Notes(Comparison comparison)
    {
        yield return "Batch: the one that the other tables and figures use. Other batches and sequences per second are in the CSV file.";
        yield return "NFE: calls of the network for one batch. Columns: tokens that went through the network, per generated token. First token: until the first token of every sequence is settled.";
        if (comparison.Methods.Any(method => method.Generated.Settings.Any(setting => method.Generated.Measure(setting, GenerationMetricNames.PeakMemory) is not null)))
            yield return "Added memory: what the process grew by at its peak while generating; 0 where the memory that it had kept from before was enough.";
        yield return "Speed-up: tokens per second with the cache over those without. Predicted: columns without the cache over those with it, as if a column cost the same everywhere.";
    }
}
