using System.Collections.Immutable;
using System.Globalization;
using Bench.Reporting.Comparisons;
using Bench.Results;
using Bench.Results.Runs;

namespace Bench.Reporting.Regression;

/// <summary>All that is guarded, on one page. Nothing that depends on how fast a machine is, or on who else uses it.</summary>
internal static class Guards
{
    /// <summary>ln of the generative perplexity: the cross-entropy of generated text under a judge, whose spread between seeds is nearer to symmetric: of the smoke profile's MDLM the perplexities are 3.4 to 8.9 about a median of 5.4.</summary>
    public const string GenerativeNats = "generative-nats";

    // A word in a thousand, a thousandth of a nat: less than seeds differ by wherever they differ.
    private const double LeastSpread = 0.001;

    /// <summary>In the order of a baseline's rows.</summary>
    public static ImmutableArray<Guard> All { get; } =
    [
        Measured(MetricNames.Likelihood, Direction.Less, Splits.Validation, Splits.Test),

        // The bound is their sum with the diffusion term. One that is dropped makes the bound look better, and it is none any more.
        Measured(MetricNames.Prior, Direction.Same, Splits.Test),
        Measured(MetricNames.Reconstruction, Direction.Same, Splits.Test),

        // Text that gets likelier by getting poorer loses entropy.
        new(GenerativeNats, Direction.Less, LeastSpread, Nats),
        Text(GenerationMetricNames.Entropy, Direction.Same),
        Text(GenerationMetricNames.KnownWords, Direction.More),

        // What the numbers cost, counted rather than timed.
        Cost(GenerationMetricNames.NetworkCalls),
        Cost(GenerationMetricNames.NetworkTokens),
        Measured(MetricNames.Parameters, Direction.Same, Splits.None),
        Given(Measured(MetricNames.TrainingTokens, Direction.Same, Splits.None)),
    ];

    /// <summary>See <see cref="Guard.Floor"/>; of a metric as baselines call it.</summary>
    public static double Floor(string metric) => All.FirstOrDefault(guard => guard.Metric == metric)?.Floor ?? 0;

    private static Guard Measured(string name, Direction better, params string[] splits) => new(
        name, better, Floor: 0, run => splits.Select(split => run.Find(name, split)).OfType<Metric>().Select(metric => (metric.Split, metric.Unit, metric.Value)));

    // In minutes a machine trains on as many tokens as it can.
    private static Guard Given(Guard guard) => guard with { Find = run => run.Definition.Number("training.minutes") is null ? guard.Find(run) : [] };

    private static Guard Text(string name, Direction better) => new(
        name, better, LeastSpread, run => Main(run).Where(row => row.Name == name).Select(row => (Law(row.Setting), row.Unit, row.Value)));

    private static Guard Cost(string name) => new(
        name, Direction.Same, Floor: 0, run => WithAndWithoutCache(run).Where(row => row.Name == name).Select(row => (Law(row.Setting) + (row.Setting.Cached ? ", cached" : ""), row.Unit, row.Value)));

    // One judge: that of the text's own law where there is one, else a network, else who is there.
    private static IEnumerable<(string Where, string Unit, double Value)> Nats(RunRecord run) => Main(run)
        .Where(row => row.Name == GenerationMetricNames.Perplexity)
        .OrderByDescending(row => row.Judge == Judges.Truth)
        .ThenBy(row => row.Judge.StartsWith("ngram-", StringComparison.Ordinal))
        .Take(1)
        .Select(row => ($"{Law(row.Setting)}, judged by {row.Judge}", Units.NatsPerCharacter, Math.Log(row.Value)));

    private static IEnumerable<GenerationMetric> Main(RunRecord run) => run.Generation.Where(row => row.Setting == run.Generation[0].Setting);

    private static IEnumerable<GenerationMetric> WithAndWithoutCache(RunRecord run) =>
        run.Generation.Where(row => row.Setting with { Cached = run.Generation[0].Setting.Cached } == run.Generation[0].Setting);

    // Neither the cache nor the number of texts made at once changes the law of a text.
    private static string Law(GenerationSetting setting) => string.Join(", ", Words(setting));

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
