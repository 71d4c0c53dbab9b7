using Bench.Reporting.Statistics;
using Bench.Results;
using Bench.Results.Metrics;

namespace Bench.Reporting.Comparisons;

/// <summary>The same texts generated with and without a KV cache: what the cache gains.</summary>
/// <param name="Method">The method that generated.</param>
/// <param name="Cached">The setting with the cache.</param>
internal sealed record CachePair(MethodResult Method, GenerationSetting Cached)
{
    /// <summary>Tokens per second with the cache over those without; null where one of the two was not measured.</summary>
    public Measurement? SpeedUp => Ratio(With(GenerationCosts.TokensPerSecond), Without(GenerationCosts.TokensPerSecond));

    /// <summary>Input slots through the network without the cache over those with it: the speed-up if all slots took the same time.</summary>
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
            ratio, a.StandardError is { } x && b.StandardError is { } y ? Math.Abs(ratio) * Math.Sqrt((x / a.Value * (x / a.Value)) + (y / b.Value * (y / b.Value))) : null);
    }
}
