using System.Collections.Immutable;
using Bench.Metrics.Divergence;
using Bench.Numerics;
using Bench.Results;
using Bench.Scoring;
using Bench.Statistics;

namespace Bench.Metrics;

/// <summary>Everything that is measured of generated text: how likely judges find it, how diverse it is, and how near to real text.</summary>
/// <param name="draws">Of resamples and clusters; the same for every setting, so that settings are compared alike.</param>
public sealed class GenerationQuality(RandomStream draws)
{
    private const int RepeatedWords = 4;

    /// <summary>Who judges, in the order of the rows.</summary>
    public IReadOnlyList<IScorer> Scorers { get; init; } = [];

    /// <summary>What perplexities are per: the characters of the text, or the tokens of each judge, as published, where the texts' own tokens are not characters.</summary>
    public LikelihoodUnits Per { get; init; } = LikelihoodUnits.Character;

    /// <summary>The words that the training text knows; null where texts have no words to know.</summary>
    public IReadOnlySet<string>? Vocabulary { get; init; }

    /// <summary>What MAUVE compares with; null to leave it out.</summary>
    public MauveReference? Reference { get; init; }

    /// <summary>Resamples of an interval.</summary>
    public int Resamples { get; init; } = 1000;

    private string Counted => Per == LikelihoodUnits.Token ? "tokens of the judge" : Per.Many;

    private Bootstrap Bootstrap => new(draws.Split("bootstrap"), Resamples);

    /// <summary>Measures the sequences of one setting.</summary>
    /// <param name="setting">How they were generated.</param>
    /// <param name="texts">Sequences; any kind of degenerate text is taken.</param>
    /// <param name="stop">Cancels.</param>
    /// <returns>In a fixed order: judges, diversity, words, MAUVE. A number that is not defined for these texts has its row as well, with the reason.</returns>
    public ImmutableArray<GenerationMetric> Of(GenerationSetting setting, IReadOnlyList<GeneratedText> texts, CancellationToken stop = default)
    {
        var rows = new GenerationRows(setting);
        foreach (var scorer in Scorers)
            Judge(scorer, texts, rows, stop);
        rows.Add(
            GenerationMetricNames.Entropy, Units.Nats, Bootstrap.OfMean(texts.Select(text => text.Tokens.Length == 0 ? double.NaN : SampleEntropy.Of(text.Tokens))),
            $"histogram of tokens within a sequence, mean over sequences; {Bootstrap.Protocol}", "no sequence has a token");
        var grams = new WordGrams(texts.Select(text => text.Words));
        foreach (int n in new[] { 1, 2, 3 })
        {
            stop.ThrowIfCancellationRequested();
            rows.Add($"{GenerationMetricNames.Distinct}{n}", Units.None, Distinct.Of(grams, n), $"{n}-grams of words of all sequences; {Jackknife.Protocol}", $"no sequence has {n} words");
        }

        rows.Add(
            $"{GenerationMetricNames.Repetition}{RepeatedWords}", Units.None, Bootstrap.OfMean(Enumerable.Range(0, grams.Count).Select(text => Repetition.Of(grams, text, RepeatedWords))),
            $"{RepeatedWords}-grams of words within a sequence, mean over sequences; {Bootstrap.Protocol}", $"no sequence has {RepeatedWords} words");
        rows.Add(
            GenerationMetricNames.SelfBleu, Units.None, SelfBleu.Of(grams),
            $"BLEU-4 of words against all other sequences, no match counts 0.1; {Jackknife.Protocol}", "less than two sequences have words");
        if (Vocabulary is { } vocabulary)
        {
            (double Known, double All)[] counts = [.. texts.Select(text => KnownWords.Of(text.WholeWords, vocabulary))];
            rows.Add(
                GenerationMetricNames.KnownWords, Units.None, Bootstrap.OfRatio([.. counts.Select(text => text.Known)], [.. counts.Select(text => text.All)]),
                $"words with white space on both sides; {Bootstrap.Protocol}", "no sequence has a whole word");
        }

        if (Reference is { } reference)
            Compare(reference, texts, rows, stop);
        return rows.All;
    }

    private void Judge(IScorer scorer, IReadOnlyList<GeneratedText> texts, GenerationRows rows, CancellationToken stop)
    {
        bool perToken = Per == LikelihoodUnits.Token;
        var (perplexity, other) = perToken ? (GenerativePerplexity.PerToken, GenerativePerplexity.PerCharacter) : (GenerativePerplexity.PerCharacter, GenerativePerplexity.PerToken);
        var judged = scorer.Of(texts, stop);
        string undefined = judged.Any(text => double.IsNaN(text.Nats)) ? "the judge gives no number for a sequence" : $"no sequence has a {Per.One}";
        double[] each = perplexity.OfSequences(judged); // not OfMean below: a judge that gives no number is not to be passed over
        // A perplexity per token of the judge is what is published, and one per character what compares between judges: where both are not the same, the protocol has the other.
        string own = other.Units(judged) == perplexity.Units(judged) ? "" : $"; {other.Corpus(judged):0.000} per {(perToken ? "character" : "token of the judge")}";
        rows.Add(
            GenerationMetricNames.Perplexity, Per.Perplexity, Bootstrap.Of(judged.Length, drawn => perplexity.Corpus(drawn.Select(i => judged[i]))),
            $"e^(all nats / all {Counted}); {scorer.Protocol}{own}; {Bootstrap.Protocol}", undefined, scorer.Name);
        rows.Add(
            GenerationMetricNames.MeanPerplexity, Per.Perplexity, Bootstrap.Of(each.Length, drawn => drawn.Sum(i => each[i]) / drawn.Length),
            $"mean over sequences of e^(nats / {Counted}); {scorer.Protocol}; {Bootstrap.Protocol}", undefined, scorer.Name);
    }

    private void Compare(MauveReference reference, IReadOnlyList<GeneratedText> texts, GenerationRows rows, CancellationToken stop)
    {
        var mauve = new Mauve(draws.Split("clusters"));
        double[][] real = reference.First(texts.Count, stop);
        rows.Add(
            GenerationMetricNames.Mauve, Units.None, mauve.Of(texts.Count == 0 ? [] : reference.Features.Of(texts, stop), real),
            $"{mauve.Protocol(texts.Count, real.Length)}; {reference.Features.Protocol}; {Jackknife.Protocol}, clusters kept",
            "a side has no texts, or a feature that is not a finite number", reference.Features.Name);
    }
}

/// <summary>seq-rep-n (Welleck et al. 2020, arXiv 1908.04319): the share of a text's n-grams of words that occurred in it before.</summary>
public static class Repetition
{
    /// <summary>1 − different / all n-grams of one text; NaN of one with less than n words.</summary>
    public static double Of(WordGrams texts, int text, int n) => 1 - ((double)texts.Of(text, n).Distinct().Count() / texts.CountOf(text, n));
}

/// <summary>How many words of a text a vocabulary knows: whether a model of characters has learned to spell.</summary>
public static class KnownWords
{
    /// <summary>Counts in one text's words.</summary>
    /// <param name="words">Whole words.</param>
    /// <param name="vocabulary">The words of the training text.</param>
    public static (int Known, int All) Of(ReadOnlySpan<string> words, IReadOnlySet<string> vocabulary)
    {
        int known = 0;
        foreach (string word in words)
            known += vocabulary.Contains(word) ? 1 : 0;
        return (known, words.Length);
    }
}

/// <summary>Collects the rows of one setting, with a reason in place of what is no number.</summary>
internal sealed class GenerationRows(GenerationSetting setting)
{
    private readonly List<GenerationMetric> rows = [];

    public ImmutableArray<GenerationMetric> All => [.. rows];

    /// <summary>Adds a number, or the reason why there is none.</summary>
    /// <param name="name">One of <see cref="GenerationMetricNames"/>.</param>
    /// <param name="unit">One of <see cref="Units"/>.</param>
    /// <param name="estimate">The number.</param>
    /// <param name="protocol">How it was measured.</param>
    /// <param name="undefined">Why there may be none.</param>
    /// <param name="judge">Who judged.</param>
    public void Add(string name, string unit, Estimate estimate, string protocol, string undefined, string judge = "") => rows.Add(double.IsNaN(estimate.Value)
        ? GenerationMetric.NotDefined(setting, name, judge, unit, estimate.Count, undefined)
        : new(setting, name, judge, unit, estimate.Value, estimate.StandardError, estimate.Low, estimate.High, estimate.Count, protocol));
}

/// <summary>distinct-n (Li et al. 2016, arXiv 1510.03055): the share of different ones among all n-grams of words of all texts. More text has a lower share: compare equal amounts.</summary>
public static class Distinct
{
    /// <summary>With the jackknife's error; NaN where no text has n words.</summary>
    public static Estimate Of(WordGrams texts, int n)
    {
        // Whose each n-gram is; nobody's when several texts have it.
        Dictionary<Gram, int> owners = [];
        for (int text = 0; text < texts.Count; text++)
        {
            foreach (var gram in texts.Of(text, n))
                owners[gram] = owners.TryGetValue(gram, out int owner) && owner != text ? -1 : text;
        }

        var alone = new int[texts.Count];
        foreach (int owner in owners.Values.Where(owner => owner >= 0))
            alone[owner]++;
        int[] counts = [.. Enumerable.Range(0, texts.Count).Select(text => texts.CountOf(text, n))];
        double all = counts.Sum();
        return Jackknife.Of(owners.Count / all, [.. alone.Zip(counts, (own, count) => (owners.Count - own) / (all - count))]).OfShare();
    }
}
