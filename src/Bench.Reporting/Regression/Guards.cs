using System.Collections.Immutable;
using System.Globalization;
using Bench.Reporting.Comparisons;
using Bench.Results;
using Bench.Results.Metrics;
using Bench.Results.Runs;

namespace Bench.Reporting.Regression;

/// <summary>A metric that is guarded. None depends on how fast or how busy a machine is.</summary>
/// <param name="Metric">Its name in baselines.</param>
/// <param name="Better">Which way it may go.</param>
/// <param name="Find">What a run says of it, once for each place where it is measured.</param>
internal sealed record Guard(
    string Metric, Direction Better, Func<RunRecord, IEnumerable<(string Where, string Unit, double Value)>> Find);

/// <summary>The guards that metrics ask for, and where in a run their numbers are.</summary>
internal static class Guards
{
    private static readonly Dictionary<string, double> Floors = MetricCatalog.Standard.All
        .Where(metric => metric.Guard is not null)
        .ToDictionary(NameOf, metric => metric.Guard!.Floor, StringComparer.Ordinal);

    /// <summary>In the order of a baseline's rows.</summary>
    public static ImmutableArray<Guard> Of(MetricCatalog catalog) => [.. catalog.All.Where(metric => metric.Guard is not null).Select(Of)];

    /// <summary>See <see cref="MetricGuard.Floor"/>; of a metric as baselines call it.</summary>
    public static double Floor(string metric) => Floors.GetValueOrDefault(metric);

    private static string NameOf(MetricDescriptor metric) => metric.Guard!.Name ?? metric.Name;

    private static Guard Of(MetricDescriptor metric)
    {
        var guard = metric.Guard!;
        return new(
            NameOf(metric),
            guard.Better ?? metric.Better,
            run => guard.DependsOnMachine && run.Definition.Number("training.minutes") is not null ? [] : Find(metric, run)
                .Select(found => (found.Where, guard.Unit ?? found.Unit, guard.Of(found.Value))));
    }

    private static IEnumerable<(string Where, string Unit, double Value)> Find(MetricDescriptor metric, RunRecord run) => metric.Kind switch
    {
        MetricKind.Text when metric.IsScored => Scored(metric, run),
        MetricKind.Text => Main(run).Where(row => row.Name == metric.Name).Select(row => (Way(row.Setting), row.Unit, row.Value)),
        MetricKind.Cost => WithAndWithoutCache(run)
            .Where(row => row.Name == metric.Name)
            .Select(row => (Way(row.Setting) + (row.Setting.Cached ? ", cached" : ""), row.Unit, row.Value)),
        _ => metric.Guard!.Splits
            .Select(split => run.Find(metric, split))
            .OfType<Metric>()
            .Select(row => (row.Split, row.Unit, row.Value)),
    };

    // One scorer: the true distribution where it is known, else a network, else any.
    private static IEnumerable<(string Where, string Unit, double Value)> Scored(MetricDescriptor metric, RunRecord run) => Main(run)
        .Where(row => row.Name == metric.Name)
        .OrderByDescending(row => row.Scorer == Scorers.Truth)
        .ThenBy(row => row.Scorer.StartsWith("ngram-", StringComparison.Ordinal))
        .Take(1)
        .Select(row => ($"{Way(row.Setting)}, scored by {row.Scorer}", row.Unit, row.Value));

    private static IEnumerable<GenerationMetric> Main(RunRecord run) =>
        run.Generation.Where(row => row.Setting == run.Generation[0].Setting);

    private static IEnumerable<GenerationMetric> WithAndWithoutCache(RunRecord run) =>
        run.Generation.Where(row => row.Setting with { Cached = run.Generation[0].Setting.Cached } == run.Generation[0].Setting);

    // Neither the cache nor the number of texts made at once changes the distribution of a text.
    private static string Way(GenerationSetting setting) => string.Join(", ", Words(setting));

    private static IEnumerable<string> Words(GenerationSetting setting)
    {
        yield return setting.Sampler;
        if (setting.Steps > 0)
            yield return $"{setting.Steps} steps";
        if (setting.Temperature != 1)
            yield return string.Create(CultureInfo.InvariantCulture, $"temperature {setting.Temperature}");
        if (setting.Nucleus != 1)
            yield return string.Create(CultureInfo.InvariantCulture, $"nucleus {setting.Nucleus}");
    }
}
