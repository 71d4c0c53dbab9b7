using System.Collections.Immutable;
using Bench.Reporting.Comparisons;
using Bench.Reporting.Statistics;
using Bench.Reporting.Tables;
using Bench.Results;
using Bench.Results.Metrics;

namespace Bench.Reporting.TableBuilders;

/// <summary>
/// Original against corrected sampling of ε-hybrids at rates of 8, 4, 2 and 1 tokens a call, beside what was published
/// of the same experiment (HDLM, arXiv 2504.06416).
/// </summary>
internal static class CorrectionTable
{
    private static readonly int[] Rates = [8, 4, 2, 1];

    // Our name of a sampler, its label, and what published rows call it.
    private static readonly (string Sampler, string Title, string Published)[] Samplers =
    [
        ("ancestral", "original", "HDLM epsilon-hybrid"),
        ("ACS 0.25", "ACS, η = 0.25", "HDLM epsilon-hybrid with ACS (eta=0.25)"),
    ];

    /// <summary>Null when no ε-hybrid was sampled with correction.</summary>
    public static Table? Build(Comparison comparison, ImmutableArray<PublishedNumber> published, RunLinks links)
    {
        ImmutableArray<MethodResult> methods =
            [.. comparison.Methods.Where(method => Family.Of(method) == Family.Epsilon && method.Generated.Settings.Any(setting => setting.Sampler == Samplers[1].Sampler))];
        if (methods.IsEmpty || Scorers.Of(comparison) is not [var scorer, ..])
            return null;

        ImmutableArray<Row> rows =
        [
            .. from method in methods
               from sampler in Samplers
               from rate in Rates
               let setting = At(method, sampler.Sampler, rate)
               where setting is not null
               select Row(method, sampler.Title, rate, setting, scorer, Published(published, sampler.Published, rate), links),
        ];
        return rows.IsEmpty
            ? null
            : new Table(
                $"correction{comparison.Suffix}",
                "Original and corrected sampling of ε-hybrids by tokens generated a call, beside the published experiment. Trends compare; values do not.",
                [
                    new("method", "Method") { Alignment = Alignment.Left },
                    new("sampler", "Sampler") { Alignment = Alignment.Left },
                    new("rate", "Rate") { Format = NumberFormat.Plain },
                    new("steps", "Steps") { Format = NumberFormat.Plain },
                    .. QualityColumns.Of(comparison.Units, scorer),
                ],
                rows,
                [
                    "Rate: tokens of a sequence over steps. Original: the ancestral step.",
                    $"Published: length 1024 on OpenWebText, perplexity per token under GPT-2 large, read on the authors' website; ours is per {comparison.Units.One}, under another scorer, of other text.",
                ]);
    }

    private static GenerationSetting? At(MethodResult method, string sampler, int rate) => method.Generated.Main is { } main && method.Definition.Number("data.length") is { } length
        ? method.Generated
            .Around(main, setting => setting with { Sampler = main.Sampler, Steps = main.Steps })
            .FirstOrDefault(setting => setting.Sampler == sampler && setting.Steps * rate == length)
        : null;

    private static Func<string, PublishedNumber?> Published(ImmutableArray<PublishedNumber> published, string method, int rate) => metric =>
        published.FirstOrDefault(number => number.Method == method && number.Metric == metric && number.Protocol.Contains($"rate of {rate} tokens a call", StringComparison.Ordinal));

    private static Row Row(MethodResult method, string sampler, int rate, GenerationSetting setting, string scorer, Func<string, PublishedNumber?> published, RunLinks links)
    {
        Cell Ours(MetricDescriptor metric) =>
            method.Generated.Quality(setting, metric, QualityColumns.Scorer(metric, scorer)) is { } found
                ? new Cell.Number(found, links.To(method, "generation.csv"))
                : new Cell.Absent(
                    method.Generated.Why(setting, metric, QualityColumns.Scorer(metric, scorer)) ?? "this run recorded no such number");
        Cell Theirs(MetricDescriptor metric) => published(QualityColumns.PublishedName(metric)) is { } number
            ? new Cell.Number(new Measurement(number.Value)) { Format = NumberFormat.Fixed(number.Decimals) }
            : new Cell.Absent("not published");

        return new(
        [
            new Cell.Words(method.Label, links.ToDefinition(method)),
            new Cell.Words(sampler),
            new Cell.Number(new Measurement(rate)),
            new Cell.Number(new Measurement(setting.Steps)),
            .. QualityColumns.Metrics.Select(Ours),
            .. QualityColumns.Metrics.Select(Theirs),
        ]);
    }
}

/// <summary>The columns of tables that show quality and diversity beside what was published of them.</summary>
internal static class QualityColumns
{
    private const string Published = "published";

    /// <summary>In the order of the columns.</summary>
    public static ImmutableArray<MetricDescriptor> Metrics { get; } = [ScoredText.Perplexity, SampleEntropy.Metric, ScoredText.Mauve];

    /// <summary>Ours, then the published ones.</summary>
    /// <param name="per">What likelihoods are per.</param>
    /// <param name="scorer">The scorer of perplexities.</param>
    public static IEnumerable<Column> Of(LikelihoodUnits per, string scorer) =>
    [
        .. Metrics.Select(metric => metric.ColumnOf(per, Scorer(metric, scorer)) with
        {
            Key = metric.Column!.Key,
            Interval = IntervalUse.InData,
        }),
        .. Metrics.Select(metric => new Column($"{Published}_{metric.Column!.Key}", metric.Title, Published)),
    ];

    /// <summary>The scorer of a scored metric; null for others.</summary>
    public static string? Scorer(MetricDescriptor metric, string scorer) => metric.IsScored ? scorer : null;

    /// <summary>What files of published numbers call a metric.</summary>
    public static string PublishedName(MetricDescriptor metric) => metric == SampleEntropy.Metric ? "entropy" : metric.Name;
}
