using System.Collections.Immutable;
using Bench.Reporting.Statistics;
using Bench.Results;
using Bench.Results.Metrics;

namespace Bench.Reporting.Comparisons;

/// <summary>What was measured of the texts that a method generated, by setting and over seeds.</summary>
/// <param name="seeds">The rows of <c>generation.csv</c>, one array a finished run.</param>
public sealed class Generated(ImmutableArray<ImmutableArray<GenerationMetric>> seeds)
{
    /// <summary>Whether any run generated anything.</summary>
    public bool IsEmpty => Settings.IsEmpty;

    /// <summary>Every way of generating that was tried, the main one first.</summary>
    public ImmutableArray<GenerationSetting> Settings { get; } = [.. seeds.SelectMany(rows => rows).Select(row => row.Setting).Distinct()];

    /// <summary>The setting that sweeps vary; null when nothing was generated.</summary>
    public GenerationSetting? Main => Settings.FirstOrDefault();

    /// <summary>The scorers, in the order of the file.</summary>
    public ImmutableArray<string> Scorers { get; } =
    [
        .. seeds
            .SelectMany(rows => rows)
            .Where(row => row.Name == ScoredText.Perplexity.Name)
            .Select(row => row.Scorer)
            .Distinct(StringComparer.Ordinal),
    ];

    /// <summary>
    /// The mean over the seeds that have a number at exactly that setting, with Student's interval over them where they are
    /// several, since each seed generated texts of its own; null where none has.
    /// </summary>
    /// <param name="setting">How the text was generated.</param>
    /// <param name="metric">What was measured.</param>
    /// <param name="scorer">The scorer; null for the first that there is.</param>
    public Measurement? Measure(GenerationSetting setting, MetricDescriptor metric, string? scorer = null) => Seeds.Independent(
    [
        .. seeds
            .Select(rows => rows.FirstOrDefault(row =>
                row.Name == metric.Name && row.Setting == setting && (scorer is null || row.Scorer == scorer) && row.Undefined is null))
            .OfType<GenerationMetric>()
            .Select(
                row => new Measurement(row.Value,
                    row.StandardError) { Interval = row is { Low: { } low, High: { } high } ? new Interval(low, high) : null }),
    ]);

    /// <summary>
    /// The same of the text itself, which neither the cache nor the number of texts made at once changes: where the
    /// setting has no such number, one that differs from it in these alone has it.
    /// </summary>
    public Measurement? Quality(GenerationSetting setting, MetricDescriptor metric, string? scorer = null) =>
        Settings
            .Where(other => IsSameText(setting, other))
            .OrderByDescending(other => other == setting)
            .Select(other => Measure(other, metric, scorer))
            .FirstOrDefault(found => found is not null);

    /// <summary>Why such a number of the text itself is not defined; null where no run says.</summary>
    public string? Why(GenerationSetting setting, MetricDescriptor metric, string? scorer = null) => seeds
        .SelectMany(rows => rows)
        .Where(row => row.Name == metric.Name && IsSameText(row.Setting, setting) && (scorer is null || row.Scorer == scorer))
        .Select(row => row.Undefined)
        .FirstOrDefault(why => why is not null);

    /// <summary>How a number was measured at the main setting, or at others of the same text.</summary>
    public IEnumerable<string> Protocols(MetricDescriptor metric) => seeds
        .SelectMany(rows => rows)
        .Where(row => row.Name == metric.Name && row.Undefined is null && Main is { } main && IsSameText(row.Setting, main))
        .Select(row => row.Protocol)
        .Distinct(StringComparer.Ordinal);

    /// <summary>The rows of all seeds at the main setting, those without a number included.</summary>
    public IEnumerable<GenerationMetric> MainRows => seeds.SelectMany(rows => rows).Where(row => row.Setting == Main);

    /// <summary>
    /// Settings that differ from a given one in nothing but what <paramref name="turned"/> makes equal, one for each distribution of
    /// text: of those that differ in the cache or in the batch, the first is taken, and the given one before all.
    /// </summary>
    public ImmutableArray<GenerationSetting> Around(GenerationSetting centre, Func<GenerationSetting, GenerationSetting> turned) =>
    [
        .. Settings
            .Where(setting => IsSameText(turned(setting), centre))
            .GroupBy(Text)
            .Select(
                group =>
                    group.OrderByDescending(setting => setting == centre)
                        .ThenByDescending(setting => setting.Cached == centre.Cached && setting.Batch == centre.Batch).First()),
    ];

    /// <summary>Whether two settings give texts of the same distribution.</summary>
    public static bool IsSameText(GenerationSetting a, GenerationSetting b) => Text(a) == Text(b);

    private static GenerationSetting Text(GenerationSetting setting) => setting with { Cached = false, Batch = 1 };
}

/// <summary>The same texts generated with and without a KV cache: what the cache gains.</summary>
/// <param name="Method">The method that generated.</param>
/// <param name="Cached">The setting with the cache.</param>
internal sealed record CachePair(MethodResult Method, GenerationSetting Cached)
{
    /// <summary>Tokens per second with the cache over those without; null where one of the two was not measured.</summary>
    public Measurement? SpeedUp => Ratio(With(GenerationCosts.TokensPerSecond), Without(GenerationCosts.TokensPerSecond));

    /// <summary>
    /// Input slots through the network without the cache over those with it: the speed-up if all slots took the same time.
    /// </summary>
    public Measurement? Predicted => Ratio(Without(GenerationCosts.NetworkTokens), With(GenerationCosts.NetworkTokens));

    /// <summary>Every cached setting that was timed without the cache as well.</summary>
    public static IEnumerable<CachePair> Of(MethodResult method) => method.Generated.Settings
        .Where(setting => setting.Cached && method.Generated.Main is { } main && Generated.IsSameText(setting, main))
        .OrderBy(setting => setting.Batch)
        .Select(setting => new CachePair(method, setting))
        .Where(pair => pair.SpeedUp is not null);

    private Measurement? With(MetricDescriptor metric) => Method.Generated.Measure(Cached, metric);

    private Measurement? Without(MetricDescriptor metric) => Method.Generated.Measure(Cached with { Cached = false }, metric);

    // Errors of independent factors add in squares, each relative to its factor.
    private static Measurement? Ratio(Measurement? top, Measurement? bottom)
    {
        if (top is not { } a || bottom is not { Value: > 0 } b)
            return null;
        double ratio = a.Value / b.Value;
        return new Measurement(
            ratio,
            a.StandardError is { } x && b.StandardError is { } y
                ? Math.Abs(ratio) * Math.Sqrt((x / a.Value * (x / a.Value)) + (y / b.Value * (y / b.Value)))
                : null);
    }
}
