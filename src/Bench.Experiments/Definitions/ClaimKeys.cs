using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Bench.Experiments.Definitions.Components;
using Bench.Experiments.Definitions.Keys;
using Bench.Experiments.Definitions.Yaml;
using Bench.Results.Claims;
using Bench.Results.Metrics;

namespace Bench.Experiments.Definitions;

/// <summary>The keys of a claim: what the reader accepts, what experiments/README.md explains and what the JSON schema says.</summary>
internal static class ClaimKeys
{
    public static readonly Key<string> Statement = new(
        "statement", new Line(mayBeEmpty: false), "What is claimed, in a sentence.", IsRequired: true);

    public static readonly Key<ImmutableArray<string>> Cites = new(
        "cites", new ListOf<string>(new CitationKind(), least: 1), "The papers that it is of.", IsRequired: true);

    public static readonly Key<string> Where = new(
        "where", new Line(mayBeEmpty: false), "Where it is in them, and how that is known.", IsRequired: true);

    public static readonly Key<string> Prediction = new(
        "prediction", new Line(mayBeEmpty: false), "What is to be seen here if it holds, written before the runs are.", IsRequired: true);

    public static readonly Key<string> Definition = new(
        "definition", new Words("the path of a YAML file, seen from the folder of this one"), "The definition whose runs decide it.");

    public static readonly Key<Component<ClaimedEffect>> Test = new(
        "test", EffectKinds.All, "The effect that is measured in them, and where the claim says that it lies.");

    public static readonly Key<string> Untested = new(
        "untested", new Line(mayBeEmpty: false), "Why it cannot be tested here, in place of 'definition' and 'test'.");

    public static Section Section { get; } = new(Statement, Cites, Where, Prediction, Definition, Test, Untested);
}

/// <summary>The tests of claims by name. A new one is one more row.</summary>
internal static class EffectKinds
{
    public static readonly Key<ImmutableArray<Series>> Of = new(
        "of", new ListOf<Series>(new SeriesKind(), least: 1), "What is compared: methods of the definition, each by itself.",
        IsRequired: true);

    public static readonly Key<Series> To = new("to", new SeriesKind(), "What each of them is compared with.", IsRequired: true);

    public static readonly Key<MetricDescriptor> Metric = new(
        "metric", SeriesKind.Metrics, "The metric, of the test text or of the text that a run generates in its own way.",
        IsRequired: true);

    private static readonly Key<double> Above = new(
        "above", End, "The claim says that the effect is above this.");

    private static readonly Key<double> Below = new("below", End, "The claim says that the effect is below this.");

    private static readonly Key<ImmutableArray<double>> Over = new(
        "over",
        new ListOf<double>(
            new Number<double>(new(0, 1e9, OpenLeast: true), "its logarithm is taken", "Use the value of each method in 'of'."), 2),
        "The value of each method in 'of', whose logarithm the slope is over.", IsRequired: true);

    public static ComponentKind<ClaimedEffect> All { get; } = new("test",
    [
        new("difference", typeof(Difference), "One less the other, paired by seed.", new Section(Of, To, Metric, Above, Below),
            values => values.Get(Metric).IsLogarithmic
                ? throw new ArgumentException(
                    $"differences of {values.Get(Metric).Name} depend on its size; write kind: ratio, and ends such as below: 1",
                    nameof(values))
                : new Difference(values.Get(Of), values.Get(To), values.Get(Metric)) { Claimed = Claimed(values) }),
        new("ratio", typeof(Ratio), "One over the other, paired by seed; 1 is no difference.", new Section(Of, To, Metric, Above, Below),
            values => new Ratio(values.Get(Of), values.Get(To), values.Get(Metric)) { Claimed = Positive(Claimed(values)) }),
        new("trend", typeof(Trend),
            "What a doubling of 'over' adds to a metric; the exponent of a power where the metric is a cost or a perplexity.",
            new Section(Of, Over, Metric, Above, Below),
            values => new Trend(values.Get(Of), AsMany(values), values.Get(Metric)) { Claimed = Claimed(values) }),
        new("frontier", typeof(Frontier),
            "Generative perplexity of one over that of the other at equal sample entropy, averaged over all entropies that both reach.",
            new Section(Of, To, Above, Below),
            values => new Frontier(values.Get(Of), values.Get(To)) { Claimed = Positive(Claimed(values)) }),
    ]);

    private static Number<double> End => new(new(-1e9, 1e9), "the effect is a number", "Use a number such as 0.");

    private static Region Claimed(Values values)
    {
        double low = values.Get(Above, double.NegativeInfinity), high = values.Get(Below, double.PositiveInfinity);
        if (double.IsInfinity(low) && double.IsInfinity(high))
            throw new ArgumentException("it does not say where the effect lies; add above, below or both", nameof(values));
        return low < high
            ? new(low, high)
            : throw new ArgumentException($"no number is above {low} and below {high}; exchange the two", nameof(values));
    }

    private static Region Positive(Region claimed) => claimed is { Low: <= 0 and > double.NegativeInfinity } or { High: <= 0 }
        ? throw new ArgumentException(
            "a ratio is positive, and 1 where there is no difference; write ends such as 1 or 0.9", nameof(claimed))
        : claimed;

    private static ImmutableArray<double> AsMany(Values values) => values.Get(Over).Length == values.Get(Of).Length
        ? values.Get(Over)
        : throw new ArgumentException(
            $"of names {values.Get(Of).Length} methods and over {values.Get(Over).Length} values; give each method its value",
            nameof(values));
}

/// <summary>One side of a comparison: a method alone, or with how its numbers are read.</summary>
internal sealed class SeriesKind : Kind<Series>
{
    public static readonly Key<string> Method = new(
        "method", new Words("the name of a method of the definition"), "The method.", IsRequired: true);

    public static readonly Key<ImmutableArray<string>> Samplers = new(
        "samplers", new ListOf<string>(new SamplerKind(), least: 1), "Samplers of the definition in place of the method's own.");

    public static readonly Key<bool> Cached = new(
        "cached", new Flag(), "Whether keys and values are kept in generation; left out for whichever way is the run's own.");

    public static readonly Choice<MetricDescriptor> Metrics = new("metric",
        [.. MetricCatalog.Standard.All.DistinctBy(metric => metric.Name).Select(metric => KeyValuePair.Create(metric.Name, metric))]);

    public static readonly Key<MetricDescriptor> Metric = new("metric", Metrics, "Another metric than the test's.");

    public static Section Section { get; } = new(Method, Samplers, Cached, Metric);

    /// <inheritdoc/>
    public override string Expected => "the name of a method, or a section with method, samplers, cached or metric";

    /// <inheritdoc/>
    public override JsonObject Schema() =>
        new() { ["oneOf"] = new JsonArray(new JsonObject { ["type"] = "string" }, Section.Schema()) };

    /// <inheritdoc/>
    public override bool TryRead(Node node, string path, Diagnostics report, out Series value)
    {
        if (node is Scalar { IsNothing: false } name)
        {
            value = new(name.Text);
            return true;
        }

        if (node is not Mapping)
            return Refuse(node, path, report, out value);
        Section.TryRead(node, path, report, out var values);
        value = new(values.Get(Method, ""))
        {
            Samplers = values.Get(Samplers, []),
            Cached = values.Has(Cached) ? values.Get(Cached) : null,
            Metric = values.Has(Metric) ? values.Get(Metric) : null,
        };
        return values.Has(Method);
    }
}
