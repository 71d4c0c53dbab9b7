using System.Collections.Immutable;
using System.Globalization;
using Bench.Cli.Display;
using Bench.Reporting.Tables;
using Bench.Results;

namespace Bench.Cli.Differences;

/// <summary>What two runs measured differently, in units of the standard error of the difference where both errors are known.</summary>
internal static class MetricDifference
{
    private const string Not = "not comparable";
    private const string Errors = "In errors: the difference over its standard error, √(a² + b²), as if the runs were independent; runs on the same text are not quite, so that less may already mean something.";
    private const string Why = $"{Not}: measured under another protocol or on another number of pieces; metrics.csv and generation.csv say which.";

    public static TextTable Of(RunRecord left, RunRecord right)
    {
        var pairs = RunDifference.Pairs(Of(left), Of(right)).ToList();
        return TableDisplay.Words(
            "Metrics",
            ["Metric", "Of", "Unit", "A", "B", "B − A", "In errors"],
            pairs.Select(pair => Row(pair.Key, pair.Left, pair.Right)),
            pairs.Exists(pair => !AreComparable(pair.Left, pair.Right)) ? [Errors, Why] : [Errors]);
    }

    private static IEnumerable<KeyValuePair<(string Name, string Of, string Unit), Measured>> Of(RunRecord run) =>
    [
        .. run.Metrics.Select(metric => KeyValuePair.Create((metric.Name, metric.Split, metric.Unit), new Measured(metric.Value, metric.StandardError, metric.Count, metric.Protocol))),
        .. run.Generation.Select(metric => KeyValuePair.Create((metric.Name, Of(metric), metric.Unit), new Measured(metric.Value, metric.StandardError, metric.Count, metric.Protocol))),
    ];

    private static string Of(GenerationMetric metric)
    {
        var way = metric.Setting;
        string judged = metric.Judge.Length > 0 ? $", judged by {metric.Judge}" : "";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{way.Sampler}, {way.Steps} steps{(way.Temperature == 1 ? "" : $", temperature {way.Temperature}")}{(way.Nucleus == 1 ? "" : $", nucleus {way.Nucleus}")}{(way.Cached ? ", cached" : "")}, {way.Batch} at once{judged}");
    }

    private static ImmutableArray<string> Row((string Name, string Of, string Unit) what, Measured? a, Measured? b)
    {
        if (!AreComparable(a, b))
            return [what.Name, what.Of, what.Unit, Number(a?.Value), Number(b?.Value), Not, Table.Dash];
        double? difference = b?.Value - a?.Value;
        double? error = a?.Error is { } left && b?.Error is { } right ? Math.Sqrt((left * left) + (right * right)) : null;
        return [what.Name, what.Of, what.Unit, Number(a?.Value), Number(b?.Value), Number(difference), error is > 0 ? $"{(difference!.Value / error.Value).ToString("+0.0;−0.0;0.0", CultureInfo.InvariantCulture)}" : Table.Dash];
    }

    private static bool AreComparable(Measured? a, Measured? b) => a is null || b is null || (a.Count, a.Protocol) == (b.Count, b.Protocol);

    private static string Number(double? value) => value?.ToString("G6", CultureInfo.InvariantCulture) ?? Table.Dash;

    private sealed record Measured(double Value, double? Error, long? Count, string Protocol);
}
