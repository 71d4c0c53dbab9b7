using System.Collections.Immutable;
using Bench.Metrics.Divergence;
using Bench.Numerics;
using Bench.Results;
using Bench.Results.Metrics;
using Bench.Scoring;
using Bench.Statistics;

namespace Bench.Metrics;

/// <summary>All that is measured of generated text: how likely scorers find it, how diverse it is, and how near to real text.</summary>
/// <param name="draws">Of resamples and clusters; the same for every setting, so that settings are compared alike.</param>
public sealed class GenerationQuality(RandomStream draws)
{
    /// <summary>Who scores, in the order of the rows.</summary>
    public IReadOnlyList<IScorer> Scorers { get; init; } = [];

    /// <summary>Which metrics; those with a <see cref="MetricDescriptor.Measure"/> are computed by it.</summary>
    public MetricCatalog Catalog { get; init; } = MetricCatalog.Standard;

    /// <summary>
    /// What perplexities are per: the characters of the text, or the tokens of each scorer, as published, where the texts' own tokens are
    /// not characters.
    /// </summary>
    public LikelihoodUnits Per { get; init; } = LikelihoodUnits.Character;

    /// <summary>The words that the training text knows; null where texts have no words to know.</summary>
    public IReadOnlySet<string>? Vocabulary { get; init; }

    /// <summary>What MAUVE compares with; null to leave it out.</summary>
    public MauveReference? Reference { get; init; }

    /// <summary>Resamples of an interval.</summary>
    public int Resamples { get; init; } = 1000;

    private string Counted => Per == LikelihoodUnits.Token ? "tokens of the scorer" : Per.Many;

    private Bootstrap Bootstrap => new(draws.Split("bootstrap"), Resamples);

    /// <summary>Measures the sequences of one setting.</summary>
    /// <param name="setting">How they were generated.</param>
    /// <param name="texts">Sequences; any kind of degenerate text is taken.</param>
    /// <param name="stop">Cancels.</param>
    /// <returns>
    /// Scorers, then metrics of the text alone in the catalog's order, then MAUVE. A number that is not defined for these texts has its row
    /// as well, with the reason.
    /// </returns>
    public ImmutableArray<GenerationMetric> Of(
        GenerationSetting setting, IReadOnlyList<GeneratedText> texts, CancellationToken stop = default)
    {
        var rows = new GenerationRows(setting, Per);
        foreach (var scorer in Scorers)
            Score(scorer, texts, rows, stop);
        var sample = new TextSample(texts, Vocabulary);
        foreach (var metric in Catalog.All)
        {
            stop.ThrowIfCancellationRequested();
            if (metric.Measure is { } measure && measure.Of(sample) is { } statistic)
                rows.Add(metric, Estimated(metric, statistic), $"{measure.Protocol}; {Interval(statistic)}", measure.Undefined);
        }

        if (Reference is { } reference)
            Compare(reference, texts, rows, stop);
        return rows.All;
    }

    private Estimate Estimated(MetricDescriptor metric, TextStatistic statistic)
    {
        switch (statistic)
        {
            case TextStatistic.MeanOf mean:
                return Bootstrap.OfMean(mean.Values);
            case TextStatistic.RatioOf ratio:
                return Bootstrap.OfRatio([.. ratio.Numerators], [.. ratio.Denominators]);
            default:
                var all = (TextStatistic.OfAll)statistic;
                double[] without = [.. all.Without];
                var estimate = Jackknife.Of(all.Value, without) with { Count = all.Count };
                return metric.Range == ValueRange.Share ? estimate.OfShare() : estimate;
        }
    }

    private string Interval(TextStatistic statistic) => statistic is TextStatistic.OfAll ? Jackknife.Protocol : Bootstrap.Protocol;

    private void Score(IScorer scorer, IReadOnlyList<GeneratedText> texts, GenerationRows rows, CancellationToken stop)
    {
        bool perToken = Per == LikelihoodUnits.Token;
        var (perplexity, other) = perToken
            ? (GenerativePerplexity.PerToken, GenerativePerplexity.PerCharacter)
            : (GenerativePerplexity.PerCharacter, GenerativePerplexity.PerToken);
        var scored = scorer.Of(texts, stop);
        string undefined = scored.Any(text => double.IsNaN(text.Nats))
            ? "the scorer gives no number for a sequence"
            : $"no sequence has a {Per.One}";
        double[] each = perplexity.OfSequences(scored); // not OfMean below: a scorer that gives no number is not to be passed over

        // A perplexity per token of the scorer is what is published, and one per character what compares between scorers: where both are
        // not the same, the protocol has the other.
        string own = other.Units(scored) == perplexity.Units(scored)
            ? ""
            : $"; {other.Corpus(scored):0.000} per {(perToken ? "character" : "token of the scorer")}";
        rows.Add(
            ScoredText.Perplexity, Bootstrap.Of(scored.Length, drawn => perplexity.Corpus(drawn.Select(i => scored[i]))),
            $"e^(all nats / all {Counted}); {scorer.Protocol}{own}; {Bootstrap.Protocol}", undefined, scorer.Name);
        rows.Add(
            ScoredText.MeanPerplexity, Bootstrap.Of(each.Length, drawn => drawn.Sum(i => each[i]) / drawn.Length),
            $"mean over sequences of e^(nats / {Counted}); {scorer.Protocol}; {Bootstrap.Protocol}", undefined, scorer.Name);
    }

    private void Compare(MauveReference reference, IReadOnlyList<GeneratedText> texts, GenerationRows rows, CancellationToken stop)
    {
        var mauve = new Mauve(draws.Split("clusters"));
        double[][] real = reference.First(texts.Count, stop);
        rows.Add(
            ScoredText.Mauve, mauve.Of(texts.Count == 0 ? [] : reference.Features.Of(texts, stop), real),
            $"{mauve.Protocol(texts.Count, real.Length)}; {reference.Features.Protocol}; {Jackknife.Protocol}, clusters kept",
            "a side has no texts, or a feature that is not a finite number", reference.Features.Name);
    }
}

/// <summary>Collects the rows of one setting, with a reason in place of what is no number.</summary>
internal sealed class GenerationRows(GenerationSetting setting, LikelihoodUnits per)
{
    private readonly List<GenerationMetric> rows = [];

    public ImmutableArray<GenerationMetric> All => [.. rows];

    /// <summary>Adds a number, or the reason why there is none.</summary>
    /// <param name="metric">What was measured.</param>
    /// <param name="estimate">The number.</param>
    /// <param name="protocol">How it was measured.</param>
    /// <param name="undefined">Why there may be none.</param>
    /// <param name="scorer">Who scored.</param>
    public void Add(MetricDescriptor metric, Estimate estimate, string protocol, string undefined, string scorer = "") =>
        rows.Add(double.IsNaN(estimate.Value)
            ? GenerationMetric.NotDefined(setting, metric.Name, scorer, metric.UnitPer(per), estimate.Count, undefined)
            : new(
                setting, metric.Name, scorer, metric.UnitPer(per), estimate.Value, estimate.StandardError, estimate.Low, estimate.High,
                estimate.Count, protocol));
}

/// <summary>
/// What generated text is compared with by MAUVE: text of the test split, seen through a model's features. Those of the reference are
/// computed once.
/// </summary>
/// <param name="features">Whose features.</param>
/// <param name="texts">Reference texts, cut as the generated ones are.</param>
public sealed class MauveReference(IFeatures features, IReadOnlyList<GeneratedText> texts)
{
    private double[][]? computed;

    /// <summary>Whose features.</summary>
    public IFeatures Features => features;

    /// <summary>Features of as many reference texts as are asked for, or all.</summary>
    public double[][] First(int count, CancellationToken stop)
    {
        computed ??= features.Of(texts, stop);
        return computed[..Math.Min(count, computed.Length)];
    }
}
