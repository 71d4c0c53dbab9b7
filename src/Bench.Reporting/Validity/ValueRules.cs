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

/// <summary>A row of <c>metrics.csv</c> or <c>generation.csv</c>: what the two have in common.</summary>
/// <param name="Run">Its run.</param>
/// <param name="File">The file it stands in.</param>
/// <param name="Line">The line that it begins in.</param>
/// <param name="Metric">What is measured.</param>
/// <param name="Where">The split, or how the text was generated.</param>
/// <param name="Unit">Of the value.</param>
/// <param name="Value">The number.</param>
/// <param name="StandardError">Its standard error in the same unit; null where none was estimated.</param>
/// <param name="Low">The lower end of its interval; null where none was estimated.</param>
/// <param name="High">The upper end.</param>
/// <param name="IsUndefined">The row says why there is no number.</param>
internal sealed record MeasuredValue(
    RunRecord Run,
    string File,
    int Line,
    string Metric,
    string Where,
    string Unit,
    double Value,
    double? StandardError,
    double? Low = null,
    double? High = null,
    bool IsUndefined = false)
{
    /// <summary>Every row of a run.</summary>
    public static IEnumerable<MeasuredValue> AllOf(RunRecord run) =>
    [
        .. Lines(run.Metrics, TextOf).Select(at => Of(run, at.Row, at.Line)),
        .. Lines(run.Generation, TextOf).Select(at => new MeasuredValue(
            run, "generation.csv", at.Line, at.Row.Name, Way(at.Row), at.Row.Unit, at.Row.Value, at.Row.StandardError, at.Row.Low,
            at.Row.High, at.Row.SaysWhyUndefined)),
    ];

    /// <summary>A row of <c>metrics.csv</c>.</summary>
    public static MeasuredValue Of(RunRecord run, Metric row) =>
        Of(run, row, Lines(run.Metrics, TextOf).First(at => ReferenceEquals(at.Row, row)).Line);

    /// <summary>Says that it cannot be.</summary>
    /// <param name="why">What it contradicts, after "but".</param>
    /// <param name="fix">What to look for.</param>
    /// <param name="column">Where that is seen.</param>
    public ImpossibleValue Impossible(string why, string fix, string column = "value") =>
        new(Run, File, Line, column, Metric, Where, Unit, Value, why, fix);

    private static MeasuredValue Of(RunRecord run, Metric row, int line) =>
        new(run, "metrics.csv", line, row.Name, row.Split, row.Unit, row.Value, row.StandardError);

    // A text in quotes may go over several lines.
    private static IEnumerable<(T Row, int Line)> Lines<T>(IEnumerable<T> rows, Func<T, string> text)
    {
        int line = 2; // behind the header
        foreach (var row in rows)
        {
            yield return (row, line);
            line += 1 + text(row).Count(character => character == '\n');
        }
    }

    private static string TextOf(Metric row) => row.Name + row.Split + row.Unit + row.Protocol;

    private static string TextOf(GenerationMetric row) => row.Setting.Sampler + row.Name + row.Scorer + row.Unit + row.Protocol;

    private static string Way(GenerationMetric row)
    {
        var setting = row.Setting;
        string way = $"{setting.Sampler}, {setting.Steps} steps, temperature {CsvFormat.Field(setting.Temperature)}";
        return row.Scorer.Length == 0 ? way : $"{way}, scored by {row.Scorer}";
    }
}

/// <summary>What no row of <c>training.csv</c> can say: training ends at a loss that is not finite, and steps and times go on.</summary>
internal static class TrainingRules
{
    // A bound is estimated from draws, and that of a text which is known by heart may lie a little below 0.
    private const double LeastBits = -1e-3;

    private const string Fix = "Find out who changed the file, then delete the run's folder and run its definition again.";

    /// <summary>Of each row the first number that cannot be, in the order of the file.</summary>
    public static IEnumerable<ImpossibleValue> Violations(RunRecord run)
    {
        TrainingPoint? before = null;
        foreach (var (row, point) in run.Curve.Index())
        {
            if (Columns(point, before).FirstOrDefault(column => column.Why is not null) is { Why: { } why } wrong)
            {
                const int First = 2; // behind the header; no field has a line break
                yield return new(
                    run, "training.csv", First + row, Column: null, wrong.Name, $"step {point.Step}", "", wrong.Value, why, Fix);
            }

            before = point;
        }
    }

    private static IEnumerable<(string Name, double Value, string? Why)> Columns(TrainingPoint point, TrainingPoint? before) =>
    [
        ("step", point.Step, point.Step < 1 ? "it is 1 or more"
            : point.Step <= before?.Step ? $"the row before it is of step {before.Step}" : null),
        ("tokens", point.Tokens, point.Tokens < 0 ? "it is 0 or more"
            : point.Tokens < before?.Tokens ? $"{before.Tokens} had been seen before" : null),
        ("seconds", point.Seconds, NotAmount(point.Seconds)
            ?? (point.Seconds < before?.Seconds ? $"{before.Seconds} had gone by before" : null)),
        ("loss", point.Loss, NotFinite(point.Loss)),
        ("gradient_norm", point.GradientNorm, NotAmount(point.GradientNorm)),
        ("learning_rate", point.LearningRate, NotAmount(point.LearningRate)),
        ("tokens_per_second", point.TokensPerSecond, NotAmount(point.TokensPerSecond)),
        ("validation_bits", point.ValidationBits ?? 0, NotFinite(point.ValidationBits ?? 0)
            ?? (point.ValidationBits < LeastBits ? "no token is more probable than 1, so that it is 0 or more" : null)),
    ];

    private static string? NotFinite(double value) => double.IsFinite(value) ? null : "it is a finite number";

    private static string? NotAmount(double value) => NotFinite(value) ?? (value < 0 ? "it is 0 or more" : null);
}
