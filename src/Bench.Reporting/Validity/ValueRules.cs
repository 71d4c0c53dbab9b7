using System.Collections.Immutable;
using Bench.Results;
using Bench.Results.Metrics;
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
    private const double Rounding = ValueRange.Rounding;

    private const string Remake = "Find the cause, then delete the run's folder and run its definition again.";
    private const string Leak = "Look for a leak: test text that was trained on, a position that attends to the token it predicts, "
        + "or a term that is missing from the bound.";

    // Names of an experiment's own that say what they are.
    private static readonly string[] ShareEnds = ["accuracy", "probability"];

    // Each looks at one number.
    private static readonly ImmutableArray<Func<MeasuredValue, MetricDescriptor?, ImpossibleValue?>> OfValue =
        [Finite, ErrorIsNotNegative, IntervalIsOrdered, IsInRange, IsWithinLimit];

    // Each looks at the numbers of a split together.
    private static readonly ImmutableArray<Func<RunRecord, string, ImpossibleValue?>> OfSplit =
        [PerplexityIsThatOfLikelihood, NatsAreThoseOfBits, LikelihoodIsNotBelowEntropy];

    /// <summary>All that is impossible in finished runs, in the order of runs. No report shows numbers of others.</summary>
    /// <param name="runs">The runs.</param>
    /// <param name="catalog">What is known of metrics; null for <see cref="MetricCatalog.Standard"/>.</param>
    public static ImmutableArray<ImpossibleValue> Violations(IEnumerable<RunRecord> runs, MetricCatalog? catalog = null) =>
        [.. runs.Where(run => run.Status.State == RunState.Finished).SelectMany(run => Violations(run, catalog ?? MetricCatalog.Standard))];

    /// <summary>Makes sure that numbers can be shown.</summary>
    /// <exception cref="SuiteException">Some are impossible; the first is named.</exception>
    internal static void Require(IEnumerable<RunRecord> runs)
    {
        if (Violations(runs) is not [var first, .. var others])
            return;
        string more = others.Length > 0 ? $"; and {others.Length} more" : "";
        throw new SuiteException($"{first.Problem.Where}: {first.Problem.What}{more}", first.Fix);
    }

    private static IEnumerable<ImpossibleValue> Violations(RunRecord run, MetricCatalog catalog)
    {
        var splits = run.Metrics.Select(row => row.Split).Distinct(StringComparer.Ordinal);
        IEnumerable<ImpossibleValue?> found =
        [
            .. MeasuredValue.AllOf(run).SelectMany(_ => OfValue, (value, rule) => rule(value, catalog.Find(value.File, value.Metric))),
            .. splits.SelectMany(_ => OfSplit, (split, rule) => rule(run, split)),
        ];
        return [.. found.OfType<ImpossibleValue>(), .. TrainingRules.Violations(run)];
    }

    private static ImpossibleValue? Finite(MeasuredValue row, MetricDescriptor? metric)
    {
        bool isResult = double.IsFinite(row.Value) || row.IsUndefined
            || (double.IsPositiveInfinity(row.Value) && metric is { Range.MayBeInfinite: true });
        return isResult || RangeOf(row, metric) is null ? null : row.Impossible("it is a finite number", Remake);
    }

    private static ImpossibleValue? ErrorIsNotNegative(MeasuredValue row, MetricDescriptor? metric) =>
        row.StandardError is not { } error || error >= 0 || !double.IsFinite(row.Value)
            ? null
            : row.Impossible($"its standard error is {CsvFormat.Field(error)}, and a standard error is 0 or more", Remake,
                "standard_error");

    private static ImpossibleValue? IntervalIsOrdered(MeasuredValue row, MetricDescriptor? metric) => row.Low > row.High
        ? row.Impossible($"its interval begins at {CsvFormat.Field(row.Low)} and ends below that, at {CsvFormat.Field(row.High)}", Remake,
            "low")
        : null;

    private static ImpossibleValue? IsInRange(MeasuredValue row, MetricDescriptor? metric)
    {
        if (RangeOf(row, metric) is not { } range)
            return null;
        double slack = range.Slack + ByChance(row, range);
        return row.Value < range.Least - slack || row.Value > range.Most + slack
            ? row.Impossible(range.Why, range.IsLikelihood ? Leak : Remake)
            : null;
    }

    private static ImpossibleValue? IsWithinLimit(MeasuredValue row, MetricDescriptor? metric) =>
        metric?.Limit?.Invoke(row.Run.Definition) is { } limit && row.Value > limit.Most + Rounding + ByChance(row, metric.Range)
            ? row.Impossible(limit.Why, Remake)
            : null;

    private static ImpossibleValue? PerplexityIsThatOfLikelihood(RunRecord run, string split)
    {
        if (run.Find(LikelihoodMetrics.Likelihood, split) is not { } bits
            || run.Find(LikelihoodMetrics.Perplexity, split) is not { } perplexity
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
        if (run.Find(LikelihoodMetrics.Likelihood, split) is not { } bits || run.Find(LikelihoodMetrics.Nats, split) is not { } nats
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
        if (run.Find(LikelihoodMetrics.Likelihood, split) is not { } bits)
            return null;
        if (run.Find(LikelihoodMetrics.KlFromTruth, split) is { StandardError: { } paired } kl
            && kl.Value < -(MostErrors * paired) - Rounding)
        {
            return MeasuredValue.Of(run, bits).Impossible(
                $"the distribution that the text was drawn from takes {CsvFormat.Field(-kl.Value)} {kl.Unit} more, "
                + $"which is over {MostErrors} standard errors of {CsvFormat.Field(paired)}",
                Leak);
        }

        if (run.Find(LikelihoodMetrics.TrueEntropy, split) is not { } truth || truth.Unit != bits.Unit || bits.StandardError is not { } own)
            return null;
        double error = Math.Sqrt((own * own) + Math.Pow(truth.StandardError ?? 0, 2));
        return bits.Value < truth.Value - (MostErrors * error) - Rounding
            ? MeasuredValue.Of(run, bits).Impossible(
                $"the text has an entropy of {Shown(truth)}, which is over {MostErrors} standard errors of {CsvFormat.Field(error)} more",
                Leak)
            : null;
    }

    private static string Shown(Metric row) => $"{CsvFormat.Field(row.Value)} {row.Unit}";

    // A bound is estimated from draws, and its estimate may lie a little outside.
    private static double ByChance(MeasuredValue row, ValueRange range) =>
        range.IsLikelihood && row.StandardError is > 0 and < double.PositiveInfinity and var error ? MostErrors * error : 0;

    private static ValueRange? RangeOf(MeasuredValue row, MetricDescriptor? metric) => metric?.Range
        ?? (ShareEnds.Any(name => row.Metric.EndsWith(name, StringComparison.Ordinal)) ? ValueRange.Share : null);
}
