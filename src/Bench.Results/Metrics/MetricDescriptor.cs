using System.Collections.Immutable;
using Bench.Results.Runs;

namespace Bench.Results.Metrics;

/// <summary>
/// A metric: its name, unit and direction, what values it can have, how it is printed, explained and guarded, and, for a statistic of
/// generated text, how it is computed. Files, tables, notes, figures, value rules and guards derive from it. Public static properties of
/// this type (or arrays of it) in this namespace are all that <see cref="MetricCatalog.Standard"/> needs to find them.
/// </summary>
/// <param name="Name">As the file has it: lower case, hyphens.</param>
/// <param name="Kind">What it is a property of.</param>
public sealed record MetricDescriptor(string Name, MetricKind Kind)
{
    /// <summary>What people call it: the heading of its column.</summary>
    public required string Title { get; init; }

    /// <summary>One of <see cref="Units"/>; with <see cref="IsPerToken"/>, the one per character.</summary>
    public required string Unit { get; init; }

    /// <summary>Which values are better.</summary>
    public required Direction Better { get; init; }

    /// <summary>The values that it can have.</summary>
    public required ValueRange Range { get; init; }

    /// <summary>
    /// What it is, to be read after "Title: ". <c>{units}</c> stands for characters or tokens, whichever likelihoods are per.
    /// </summary>
    public required string Sentence { get; init; }

    /// <summary>Its unit is per token of the vocabulary where tokens are not characters.</summary>
    public bool IsPerToken { get; init; }

    /// <summary>It is never a bound, whatever the method's likelihood is.</summary>
    public bool IsExact { get; init; }

    /// <summary>There is one value for each scorer.</summary>
    public bool IsScored { get; init; }

    /// <summary>The most that it can be for a definition, where <see cref="Range"/> does not say it; null for no such limit.</summary>
    public Func<RunDefinition, ValueLimit?>? Limit { get; init; }

    /// <summary>Order of files, columns, notes and guards: the least first, and equal ones by name.</summary>
    public int Place { get; init; } = int.MaxValue;

    /// <summary>How a value without a standard error is printed.</summary>
    public NumberStyle Style { get; init; } = NumberStyle.Fixed;

    /// <summary>Digits after the point of <see cref="NumberStyle.Fixed"/>.</summary>
    public int Digits { get; init; } = 3;

    /// <summary>Its column in the table of its kind; null where no table shows it.</summary>
    public MetricColumn? Column { get; init; }

    /// <summary>The title of an axis; null for its title and unit, or title and scorer.</summary>
    public string? AxisTitle { get; init; }

    /// <summary>Figures show it on a logarithmic axis.</summary>
    public bool IsLogarithmic { get; init; }

    /// <summary>How <c>bench regress</c> guards it; null where it does not.</summary>
    public MetricGuard? Guard { get; init; }

    /// <summary>How it is computed from generated text; null where something else computes it.</summary>
    public TextMeasure? Measure { get; init; }

    /// <summary>The file of a run folder that has it.</summary>
    public string File => Kind is MetricKind.Text or MetricKind.Cost ? "generation.csv" : "metrics.csv";

    /// <summary>The unit where likelihoods are per that.</summary>
    public string UnitPer(LikelihoodUnits per) =>
        IsPerToken ? Unit.Replace(LikelihoodUnits.Character.Short, per.Short, StringComparison.Ordinal) : Unit;

    /// <summary>A row of <c>metrics.csv</c>.</summary>
    /// <param name="split">One of <see cref="Splits"/>.</param>
    /// <param name="value">The number.</param>
    /// <param name="standardError">Its standard error; null where none was estimated.</param>
    /// <param name="count">How many independent pieces the error rests on.</param>
    /// <param name="protocol">How it was measured, as text.</param>
    /// <param name="per">What likelihoods are per; null for characters.</param>
    public Metric Row(
        string split, double value, double? standardError = null, long? count = null, string protocol = "", LikelihoodUnits? per = null) =>
        new(Name, split, UnitPer(per ?? LikelihoodUnits.Character), value, standardError, count, protocol);

    /// <summary>A row of <c>generation.csv</c>.</summary>
    /// <param name="setting">How the text was generated.</param>
    /// <param name="value">The number.</param>
    /// <param name="protocol">How it was measured, as text.</param>
    public GenerationMetric Row(GenerationSetting setting, double value, string protocol) =>
        new(setting, Name, Scorer: "", Unit, value, Protocol: protocol);
}

/// <summary>What a metric is a property of.</summary>
public enum MetricKind
{
    /// <summary>Likelihood of text under a model, on a split: the table of likelihoods.</summary>
    Likelihood,

    /// <summary>A term or an error of a variational bound, on a split: the table of terms.</summary>
    Bound,

    /// <summary>Training and the run as a whole: the table of likelihoods.</summary>
    Training,

    /// <summary>Generated text, at a setting: the table of generation.</summary>
    Text,

    /// <summary>What generating took, at a setting: the table of throughput.</summary>
    Cost,
}

/// <summary>Which values of a metric are better.</summary>
public enum Direction
{
    /// <summary>Less is better.</summary>
    Less,

    /// <summary>More is better.</summary>
    More,

    /// <summary>Neither is better; guarded, it may not move.</summary>
    Same,
}

/// <summary>How a number is printed for people.</summary>
public enum NumberStyle
{
    /// <summary>So many digits after the point.</summary>
    Fixed,

    /// <summary>Three digits and k, M, G or T.</summary>
    Compact,

    /// <summary>Seconds as people say them.</summary>
    Duration,
}

/// <summary>A metric's column in the table of its kind.</summary>
/// <param name="Key">Its name in data files; that of a scored metric is followed by the scorer's.</param>
public sealed record MetricColumn(string Key)
{
    /// <summary>Under the heading; null for the metric's unit.</summary>
    public string? Unit { get; init; }

    /// <summary>What stands beside a value.</summary>
    public Uncertainty Uncertainty { get; init; }

    /// <summary>It is in data files only.</summary>
    public bool IsDataOnly { get; init; }

    /// <summary>A note below the table has the metric's sentence, for its title does not say enough.</summary>
    public bool HasNote { get; init; } = true;
}

/// <summary>What stands beside a value in a table and in its data file.</summary>
public enum Uncertainty
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>The standard error, and whether the value is a bound.</summary>
    Error,

    /// <summary>The standard error, and in data files the ends of the 95 % interval.</summary>
    Interval,

    /// <summary>The 95 % interval, for people as well.</summary>
    ShownInterval,
}

/// <summary>How <c>bench regress</c> guards a metric.</summary>
public sealed record MetricGuard
{
    /// <summary>
    /// A usual <see cref="Floor"/>: a thousandth of a nat, one token in a thousand, which is less than seeds differ by where they differ.
    /// </summary>
    public const double LeastSpread = 0.001;

    /// <summary>Which way it may go; null for the metric's own direction.</summary>
    public Direction? Better { get; init; }

    /// <summary>Splits on which a row of <c>metrics.csv</c> is guarded.</summary>
    public ImmutableArray<string> Splits { get; init; } = [Results.Splits.None];

    /// <summary>
    /// Standard deviation between seeds, at least, of a number that draws always go into: all of a few seeds may agree, as shares do at 1,
    /// and the next one need not. 0 where it depends on the method: no seed changes a count, or a model of counts.
    /// </summary>
    public double Floor { get; init; }

    /// <summary>Left alone where the budget is minutes, in which a machine trains on as many tokens as it can.</summary>
    public bool DependsOnMachine { get; init; }

    /// <summary>What baselines call it; null for the metric's name.</summary>
    public string? Name { get; init; }

    /// <summary>The unit in baselines; null for the row's.</summary>
    public string? Unit { get; init; }

    /// <summary>What is guarded, as a function of the value.</summary>
    public Func<double, double> Of { get; init; } = value => value;
}
