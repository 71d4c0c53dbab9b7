using Bench.Reporting.Figures.Drawing;
using System.Collections.Immutable;
using System.Globalization;
using Bench.Reporting.Comparisons;
using Bench.Reporting.Figures;
using Bench.Reporting.Figures.Frontiers;
using Bench.Reporting.Statistics;
using Bench.Reporting.TableBuilders;
using Bench.Reporting.Tables;
using Bench.Results;
using Bench.Results.Metrics;

namespace Bench.Reporting.Paper;

/// <summary>Quality against diversity by rate of generation: perplexity under a scorer over entropy, a line a family, ours and the published one apart.</summary>
internal sealed class QualityDiversity(Comparison comparison, string scorer, ImmutableArray<PublishedNumber> published, RunLinks links)
{
    private static readonly int[] Rates = [8, 4, 2, 1];

    // Our method and what the published rows call the nearest thing.
    private static readonly (string Method, string Published, string Title)[] Families =
    [
        ("sedd-absorb", "SEDD absorb", "SEDD"),
        ("mdlm", "MDLM", "MDLM"),
        ("gamma", "HDLM gamma=0.05 flat aligned", "γ, flat, aligned"),
        ("gamma-shifted", "HDLM gamma=0.01 flat shifted", "γ, flat, shifted"),
        ("gamma-slide", "HDLM gamma=0.01 slide w=d/4 aligned", "γ, slide, aligned"),
        ("epsilon", "HDLM epsilon=0.01 flat aligned", "ε, flat, aligned"),
        ("epsilon-block", "HDLM epsilon=0.01 block w=d/4 aligned", "ε, block, aligned"),
    ];

    /// <summary>Null where none of the families was sampled.</summary>
    public Table? Table()
    {
        ImmutableArray<Row> rows = [.. from family in Families let ours = Ours(family.Method) where ours is not null from rate in Rates select Row(family, ours, rate)];
        return rows.IsEmpty
            ? null
            : new Table(
                "quality-diversity",
                "Quality and diversity of generated text by rate, ours beside the published experiment. Trends compare; values do not.",
                [
                    new("family", "Family") { Alignment = Alignment.Left },
                    new("rate", "Rate", "tokens/call") { Format = NumberFormat.Plain },
                    .. QualityColumns.Of(LikelihoodUnits.Character, scorer),
                ],
                rows,
                [
                    "Published: length 1024 on OpenWebText, perplexity per token under GPT-2 large, read off a plot, to 0.3 in perplexity and 0.003 in entropy and MAUVE.",
                    "γ and ε of ours are those of the runs' definitions; the published ones are 0.05 (flat, aligned) and 0.01.",
                ]);
    }

    /// <summary>Ours, then the published one; each only where it has a line.</summary>
    public IEnumerable<Figure> Figures()
    {
        var ours = Families.Select(family => Ours(family.Method)).OfType<MethodResult>().Select(method => new Line(method.Label, "", "", Points(method))).Where(line => !line.Points.IsEmpty);
        var theirs = Families.Select(family => new Line(family.Title, "", "", Points(family.Published))).Where(line => !line.Points.IsEmpty);
        return new[]
        {
            Draw(
                "quality-diversity",
                $"Ours: perplexity under {scorer} over the entropy of samples, through rates of 8, 4, 2 and 1 tokens a call. "
                    + "Lower is better at the same entropy.",
                scorer,
                [.. ours]),
            Draw(
                "quality-diversity-published",
                "Published: the same at length 1024 on OpenWebText under GPT-2 large, read off the authors' plot.",
                "GPT-2 large",
                [.. theirs]),
        }.OfType<Figure>();
    }

    private static Figure? Draw(string name, string caption, string scorer, ImmutableArray<Line> lines) => lines.IsEmpty
        ? null
        : Frontier.Of(name, caption, Axis.Of(SampleEntropy.Metric), [new("", Axis.Of(ScoredText.Perplexity, scorer), lines)]);

    // Of several definitions of a method, the best by validation likelihood.
    private MethodResult? Ours(string name) => comparison.Networks
        .Where(method => method.Method == name && Rates.Any(rate => At(method, rate) is not null))
        .MinBy(method => method.Bits(Splits.Validation)?.Value ?? double.PositiveInfinity);

    private static GenerationSetting? At(MethodResult method, int rate) => method.Generated.Main is { } main && method.Definition.Number("data.length") is { } length
        ? method.Generated.Around(main, setting => setting with { Steps = main.Steps }).FirstOrDefault(setting => setting.Steps * rate == length)
        : null;

    private PublishedNumber? Find(string method, MetricDescriptor metric, int rate) => published.FirstOrDefault(number =>
        number.Method == method && number.Metric == QualityColumns.PublishedName(metric) && number.Paper == "fathi2025unifying"
        && number.Protocol.Contains($"rate of {rate.ToString(CultureInfo.InvariantCulture)} tokens a call", StringComparison.Ordinal));

    private ImmutableArray<Point> Points(MethodResult method) =>
    [
        .. from rate in Rates
           let setting = At(method, rate)
           where setting is not null
           let entropy = method.Generated.Quality(setting, SampleEntropy.Metric)
           let perplexity = method.Generated.Quality(setting, ScoredText.Perplexity, scorer)
           where entropy is not null && perplexity is not null
           select new Point($"rate {rate}", entropy.Value.Value, perplexity.Value, rate == Rates[^1]) { XError = entropy.Value.StandardError },
    ];

    private ImmutableArray<Point> Points(string method) =>
    [
        .. from rate in Rates
           let entropy = Find(method, SampleEntropy.Metric, rate)
           let perplexity = Find(method, ScoredText.Perplexity, rate)
           where entropy is not null && perplexity is not null
           select new Point($"rate {rate}", entropy.Value, new Measurement(perplexity.Value), rate == Rates[^1]),
    ];

    private Row Row((string Method, string Published, string Title) family, MethodResult method, int rate)
    {
        var setting = At(method, rate);
        Cell Measured(MetricDescriptor metric) => setting is null
            ? new Cell.Absent("not sampled at this rate")
            : method.Generated.Quality(setting, metric, QualityColumns.Scorer(metric, scorer)) is { } found
            ? new Cell.Number(found, links.To(method, "generation.csv"))
            : new Cell.Absent(
                method.Generated.Why(setting, metric, QualityColumns.Scorer(metric, scorer)) ?? "this run recorded no such number");
        Cell Theirs(MetricDescriptor metric) => Find(family.Published, metric, rate) is { } number
            ? new Cell.Number(new Measurement(number.Value)) { Format = NumberFormat.Fixed(number.Decimals) }
            : new Cell.Absent("not published");

        return new(
        [
            new Cell.Words(family.Title, links.ToDefinition(method)),
            new Cell.Number(new Measurement(rate)),
            .. QualityColumns.Metrics.Select(Measured),
            .. QualityColumns.Metrics.Select(Theirs),
        ]);
    }
}
