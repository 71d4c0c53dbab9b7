using System.Collections.Immutable;
using Bench.Reporting.Comparisons;
using Bench.Reporting.Statistics;
using Bench.Reporting.Tables;
using Bench.Results;

namespace Bench.Reporting.TableBuilders;

/// <summary>
/// Original against corrected sampling of ε-hybrids at rates of 8, 4, 2 and 1 tokens a call, beside what was published
/// of the same experiment (HDLM, arXiv 2504.06416).
/// </summary>
internal static class CorrectionTable
{
    private const string Unit = "published";

    private static readonly int[] Rates = [8, 4, 2, 1];

    // Our name of a sampler, the words for it, and the method that the published rows call it.
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
        if (methods.IsEmpty || Judges.Of(comparison) is not [var judge, ..])
            return null;

        ImmutableArray<Row> rows =
        [
            .. from method in methods
               from sampler in Samplers
               from rate in Rates
               let setting = At(method, sampler.Sampler, rate)
               where setting is not null
               select Row(method, sampler.Title, rate, setting, judge, Published(published, sampler.Published, rate), links),
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
                    new("perplexity", "Perplexity", $"{judge}, per {comparison.Units.Short}") { Interval = IntervalUse.InData, Format = NumberFormat.Fixed(2) },
                    new("entropy", "Entropy", "nats") { Interval = IntervalUse.InData },
                    new("mauve", "MAUVE") { Interval = IntervalUse.InData },
                    new("published_perplexity", "Perplexity", Unit),
                    new("published_entropy", "Entropy", Unit),
                    new("published_mauve", "MAUVE", Unit),
                ],
                rows,
                [
                    "Rate: tokens of a sequence over steps. Original: the ancestral step.",
                    $"Published: length 1024 on OpenWebText, perplexity per token under GPT-2 large, read on the authors' website; ours is per {comparison.Units.One}, under another judge, of other text.",
                ]);
    }

    private static GenerationSetting? At(MethodResult method, string sampler, int rate) => method.Generated.Main is { } main && method.Definition.Number("data.length") is { } length
        ? method.Generated
            .Around(main, setting => setting with { Sampler = main.Sampler, Steps = main.Steps })
            .FirstOrDefault(setting => setting.Sampler == sampler && setting.Steps * rate == length)
        : null;

    private static Func<string, PublishedNumber?> Published(ImmutableArray<PublishedNumber> published, string method, int rate) => metric =>
        published.FirstOrDefault(number => number.Method == method && number.Metric == metric && number.Protocol.Contains($"rate of {rate} tokens a call", StringComparison.Ordinal));

    private static Row Row(MethodResult method, string sampler, int rate, GenerationSetting setting, string judge, Func<string, PublishedNumber?> published, RunLinks links)
    {
        Cell Ours(string name, string? by = null) => method.Generated.Quality(setting, name, by) is { } found
            ? new Cell.Number(found, links.To(method, "generation.csv"))
            : new Cell.Absent(method.Generated.Why(setting, name, by) ?? "this run recorded no such number");
        Cell Theirs(string metric) => published(metric) is { } number
            ? new Cell.Number(new Measurement(number.Value)) { Format = NumberFormat.Fixed(number.Decimals) }
            : new Cell.Absent("not published");

        return new(
        [
            new Cell.Words(method.Label, links.ToDefinition(method)),
            new Cell.Words(sampler),
            new Cell.Number(new Measurement(rate)),
            new Cell.Number(new Measurement(setting.Steps)),
            Ours(GenerationMetricNames.Perplexity, judge),
            Ours(GenerationMetricNames.Entropy),
            Ours(GenerationMetricNames.Mauve),
            Theirs(GenerationMetricNames.Perplexity),
            Theirs("entropy"),
            Theirs(GenerationMetricNames.Mauve),
        ]);
    }
}
