using System.Collections.Immutable;
using System.Globalization;
using Bench.Results;
using Bench.Results.Runs;

namespace Bench.Reporting.Validity;

/// <summary>
/// What no sound measurement can give, rule by rule: likelihoods below the entropy of their text, probabilities above one,
/// negative times.
/// </summary>
public static class ValueRules
{
    /// <summary>Standard errors that a likelihood may lie below the entropy of its text: chance does so once in thirty thousand.</summary>
    public const double MostErrors = 4;

    // Relative: exponentials and logarithms of numbers that were rounded on their way to a file agree to this.
    private const double Rounding = 1e-5;

    private const string Remake = "Find the cause, then delete the run's folder and run its definition again.";
    private const string Leak = "Look for a leak: test text that was trained on, a position that attends to the token it predicts, "
        + "or a term that is missing from the bound.";

    private static readonly string[] Likelihoods =
    [
        MetricNames.Likelihood, MetricNames.LikelihoodNats, MetricNames.LikelihoodPerCharacter, MetricNames.LikelihoodStream,
        MetricNames.TrueEntropy,
    ];

    private static readonly string[] Terms =
        [MetricNames.Diffusion, MetricNames.Prior, MetricNames.Reconstruction, MetricNames.KlFromTruth];

    private static readonly string[] GenerativePerplexities = [GenerationMetricNames.Perplexity, GenerationMetricNames.MeanPerplexity];

    private static readonly string[] Perplexities = [MetricNames.Perplexity, .. GenerativePerplexities];

    private static readonly string[] Shares =
        [GenerationMetricNames.SelfBleu, GenerationMetricNames.Mauve, GenerationMetricNames.KnownWords];

    private static readonly string[] ShareBeginnings = [GenerationMetricNames.Distinct, GenerationMetricNames.Repetition];

    private static readonly string[] ShareEnds = ["accuracy", "probability"];

    private static readonly string[] Amounts =
    [
        MetricNames.TrainingSpeed, MetricNames.Parameters, MetricNames.WallTime, MetricNames.TrainingTokens,
        MetricNames.TrainingSteps, MetricNames.PeakMemory,
        GenerationMetricNames.NetworkCalls, GenerationMetricNames.NetworkTokens, GenerationMetricNames.TokensPerSecond,
        GenerationMetricNames.SequencesPerSecond, GenerationMetricNames.FirstToken, GenerationMetricNames.CacheMemory,
        GenerationMetricNames.Entropy,
    ];

    // Each looks at one number.
    private static readonly ImmutableArray<Func<MeasuredValue, ImpossibleValue?>> OfValue =
    [
        Finite, ErrorIsNotNegative, IntervalIsOrdered, LikelihoodIsNotNegative, PerplexityIsAtLeastOne, ShareIsInUnitInterval,
        AmountIsNotNegative, EntropyIsAtMostThatOfUniform,
    ];

    // Each looks at the numbers of a split together.
    private static readonly ImmutableArray<Func<RunRecord, string, ImpossibleValue?>> OfSplit =
        [PerplexityIsThatOfLikelihood, NatsAreThoseOfBits, LikelihoodIsNotBelowEntropy];

    /// <summary>All that is impossible in finished runs, in the order of runs. No report shows numbers of others.</summary>
    public static ImmutableArray<ImpossibleValue> Violations(IEnumerable<RunRecord> runs) =>
        [.. runs.Where(run => run.Status.State == RunState.Finished).SelectMany(Violations)];

    /// <summary>Makes sure that numbers can be shown.</summary>
    /// <exception cref="SuiteException">Some are impossible; the first is named.</exception>
    internal static void Require(IEnumerable<RunRecord> runs)
    {
        if (Violations(runs) is not [var first, .. var others])
            return;
        string more = others.Length > 0 ? $"; and {others.Length} more" : "";
        throw new SuiteException($"{first.Problem.Where}: {first.Problem.What}{more}", first.Fix);
    }

    private static IEnumerable<ImpossibleValue> Violations(RunRecord run)
    {
        var splits = run.Metrics.Select(row => row.Split).Distinct(StringComparer.Ordinal);
        IEnumerable<ImpossibleValue?> found =
        [
            .. MeasuredValue.AllOf(run).SelectMany(_ => OfValue, (value, rule) => rule(value)),
            .. splits.SelectMany(_ => OfSplit, (split, rule) => rule(run, split)),
        ];
        return [.. found.OfType<ImpossibleValue>(), .. TrainingRules.Violations(run)];
    }

    // An infinite generative perplexity is a result: the scorer holds the text impossible.
    private static ImpossibleValue? Finite(MeasuredValue row)
    {
        bool isResult = double.IsFinite(row.Value) || row.IsUndefined
            || (double.IsPositiveInfinity(row.Value) && GenerativePerplexities.Contains(row.Metric));
        string[][] known = [Likelihoods, Terms, Perplexities, Amounts];
        return isResult || !(IsShare(row.Metric) || known.Any(names => names.Contains(row.Metric)))
            ? null
            : row.Impossible("it is a finite number", Remake);
    }

    private static ImpossibleValue? ErrorIsNotNegative(MeasuredValue row) =>
        row.StandardError is not { } error || error >= 0 || !double.IsFinite(row.Value)
            ? null
            : row.Impossible($"its standard error is {CsvFormat.Field(error)}, and a standard error is 0 or more", Remake);

    private static ImpossibleValue? IntervalIsOrdered(MeasuredValue row) => row.Low > row.High
        ? row.Impossible($"its interval begins at {CsvFormat.Field(row.Low)} and ends below that, at {CsvFormat.Field(row.High)}", Remake)
        : null;

    // A bound is estimated from draws, and its estimate may lie a little below.
    private static ImpossibleValue? LikelihoodIsNotNegative(MeasuredValue row) =>
        Likelihoods.Contains(row.Metric) && row.Value < -Slack(row)
            ? row.Impossible("no token is more probable than 1, so that a negative log-likelihood is 0 or more", Leak)
            : null;

    private static ImpossibleValue? PerplexityIsAtLeastOne(MeasuredValue row) =>
        Perplexities.Contains(row.Metric) && row.Value < 1 - Slack(row)
            ? row.Impossible("no token is more probable than 1, so that a perplexity is 1 or more", Leak)
            : null;

    private static ImpossibleValue? ShareIsInUnitInterval(MeasuredValue row) =>
        IsShare(row.Metric) && row.Value is < -Rounding or > 1 + Rounding
            ? row.Impossible("it is a share or a probability, which lies in [0, 1]", Remake)
            : null;

    private static ImpossibleValue? AmountIsNotNegative(MeasuredValue row) =>
        Amounts.Contains(row.Metric) && row.Value < 0 ? row.Impossible("it is 0 or more", Remake) : null;

    private static ImpossibleValue? EntropyIsAtMostThatOfUniform(MeasuredValue row)
    {
        var definition = row.Run.Definition;
        if (row.Metric == GenerationMetricNames.Entropy && VocabularySize.OfSequence(definition) is { } tokens)
        {
            double most = Math.Log(tokens);
            return row.Value > most + Rounding
                ? row.Impossible($"a sequence has at most {tokens} different tokens, so that its entropy is at most {most:0.####}", Remake)
                : null;
        }

        if (row.Metric == MetricNames.TrueEntropy && VocabularySize.Of(definition) is { } count)
        {
            double most = Math.Log2(count);
            return row.Value > most + Slack(row)
                ? row.Impossible($"the vocabulary has {count} tokens, so that the entropy of one is at most {most:0.####}", Remake)
                : null;
        }

        return null;
    }

    private static ImpossibleValue? PerplexityIsThatOfLikelihood(RunRecord run, string split)
    {
        if (run.Find(MetricNames.Likelihood, split) is not { } bits || run.Find(MetricNames.Perplexity, split) is not { } perplexity
            || perplexity.Unit != LikelihoodUnits.Of(bits.Unit).Perplexity || !double.IsFinite(bits.Value))
        {
            return null;
        }

        double expected = Math.Pow(2, bits.Value);
        return Math.Abs(perplexity.Value - expected) > Rounding * expected
            ? MeasuredValue.Of(run, perplexity)
                .Impossible($"2 to the power of {Shown(bits)}, its likelihood, is {CsvFormat.Field(expected)}", Remake)
            : null;
    }

    private static ImpossibleValue? NatsAreThoseOfBits(RunRecord run, string split)
    {
        if (run.Find(MetricNames.Likelihood, split) is not { } bits || run.Find(MetricNames.LikelihoodNats, split) is not { } nats
            || nats.Unit != LikelihoodUnits.Of(bits.Unit).Nats || !double.IsFinite(bits.Value))
        {
            return null;
        }

        double expected = bits.Value * Math.Log(2);
        return Math.Abs(nats.Value - expected) > Rounding * Math.Max(1, Math.Abs(expected))
            ? MeasuredValue.Of(run, nats)
                .Impossible($"{Shown(bits)}, the same likelihood, are {CsvFormat.Field(expected)} {nats.Unit}", Remake)
            : null;
    }

    // Model and true distribution find the same chunks hard: the mean of their differences has a smaller error than each of the two.
    private static ImpossibleValue? LikelihoodIsNotBelowEntropy(RunRecord run, string split)
    {
        if (run.Find(MetricNames.Likelihood, split) is not { } bits)
            return null;
        if (run.Find(MetricNames.KlFromTruth, split) is { StandardError: { } paired } kl && kl.Value < -(MostErrors * paired) - Rounding)
        {
            return MeasuredValue.Of(run, bits).Impossible(
                $"the distribution that the text was drawn from takes {CsvFormat.Field(-kl.Value)} {kl.Unit} more, "
                + $"which is over {MostErrors} standard errors of {CsvFormat.Field(paired)}",
                Leak);
        }

        if (run.Find(MetricNames.TrueEntropy, split) is not { } truth || truth.Unit != bits.Unit || bits.StandardError is not { } own)
            return null;
        double error = Math.Sqrt((own * own) + Math.Pow(truth.StandardError ?? 0, 2));
        return bits.Value < truth.Value - (MostErrors * error) - Rounding
            ? MeasuredValue.Of(run, bits).Impossible(
                $"the text has an entropy of {Shown(truth)}, which is over {MostErrors} standard errors of {CsvFormat.Field(error)} more",
                Leak)
            : null;
    }

    private static string Shown(Metric row) => $"{CsvFormat.Field(row.Value)} {row.Unit}";

    private static double Slack(MeasuredValue row) =>
        Rounding + (row.StandardError is > 0 and < double.PositiveInfinity and var error ? MostErrors * error : 0);

    private static bool IsShare(string metric) => Shares.Contains(metric)
        || ShareBeginnings.Any(name => metric.StartsWith(name, StringComparison.Ordinal))
        || ShareEnds.Any(name => metric.EndsWith(name, StringComparison.Ordinal));
}

/// <summary>How many different tokens a text can have, by the names that resolved definitions give tokenizers.</summary>
internal static class VocabularySize
{
    private const string Symbols = "symbols";

    /// <summary>V of a run's tokenizer; null where the name does not say it.</summary>
    public static int? Of(RunDefinition definition) => definition.Text("data.tokenizer") switch
    {
        "alphabet27" => 27,
        "gpt2" => 50_257,
        { } name when name.StartsWith(Symbols, StringComparison.Ordinal) => Count(name.AsSpan(Symbols.Length)),
        _ => null,
    };

    /// <summary>The most different tokens of a generated sequence: at most V, and at most its length; null for neither known.</summary>
    public static int? OfSequence(RunDefinition definition)
    {
        int? length = definition.Number("data.length") is >= 1 and var tokens ? (int)tokens : null;
        return Of(definition) is { } count ? Math.Min(count, length ?? count) : length;
    }

    private static int? Count(ReadOnlySpan<char> digits) =>
        int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out int count) && count > 0 ? count : null;
}
