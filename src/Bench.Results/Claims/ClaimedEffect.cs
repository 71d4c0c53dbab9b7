using System.Collections.Immutable;
using Bench.Results.Metrics;
using Bench.Results.Runs;

namespace Bench.Results.Claims;

/// <summary>A number for each seed, and where a claim says that its mean over seeds lies. A new kind of test is a new type.</summary>
public abstract record ClaimedEffect
{
    /// <summary>Where the claim says that it lies, in the unit in which it is shown.</summary>
    public required Region Claimed { get; init; }

    /// <summary>The sides that it compares.</summary>
    public abstract ImmutableArray<Series> Series { get; }

    /// <summary>The metric that it is in; null where its kind says that.</summary>
    public virtual MetricDescriptor? Metric => null;

    /// <summary>All of it but the region, as text.</summary>
    public string Fingerprint => $"{GetType().Name} {Metric?.Name} {string.Join("; ", Series.Select(one => one.Fingerprint))} {Values}";

    /// <summary>What else it depends on, as text.</summary>
    protected virtual string Values => "";

    /// <summary>The same of other sides.</summary>
    /// <param name="change">Of each of <see cref="Series"/>.</param>
    public abstract ClaimedEffect With(Func<Series, Series> change);

    /// <summary>What is compared, with the effect of each seed that all sides of it have.</summary>
    /// <param name="runs">Finished runs of the definition.</param>
    public abstract ImmutableArray<Contrast> Of(ImmutableArray<RunRecord> runs);

    /// <summary>A number on the scale on which means over seeds are taken; a ratio's is its logarithm.</summary>
    public virtual double ToTested(double shown) => shown;

    /// <summary>The inverse of <see cref="ToTested"/>.</summary>
    public virtual double ToShown(double tested) => tested;

    /// <summary>The unit that the runs have for a metric: per character or per token.</summary>
    private protected static string UnitOf(ImmutableArray<RunRecord> runs, MetricDescriptor metric) =>
        runs.SelectMany(run => run.Metrics).FirstOrDefault(row => row.Name == metric.Name)?.Unit ?? metric.Unit;

    /// <summary>An effect for each seed with which every side has a run, of those runs in the order of the sides.</summary>
    private protected static ImmutableArray<SeedEffect> PerSeed(
        ImmutableArray<RunRecord> runs, ImmutableArray<Series> sides, Func<ImmutableArray<RunRecord>, double?> effect) =>
    [
        .. from seed in runs.Select(run => run.Seed).Distinct().Order()
           let own = sides.Select(side => runs.FirstOrDefault(run => run.Seed == seed && run.Method == side.Method)).OfType<RunRecord>()
               .ToImmutableArray()
           where own.Length == sides.Length
           let value = effect(own)
           where value is { } number && double.IsFinite(number)
           select new SeedEffect(seed, value.Value),
    ];
}

/// <summary>One comparison of an effect.</summary>
/// <param name="What">Such as <c>MDLM less AR (GPT)</c>.</param>
/// <param name="Quantity">What is compared, such as <c>Likelihood</c>.</param>
/// <param name="Unit">Of the effect as it is shown.</param>
/// <param name="Seeds">The effects on the tested scale, by seed.</param>
public sealed record Contrast(string What, string Quantity, string Unit, ImmutableArray<SeedEffect> Seeds)
{
    /// <summary>What a reader has to know of this comparison; empty for nothing.</summary>
    public string Remark { get; init; } = "";

    /// <summary>Why seeds that have runs have no effect; empty where they have one.</summary>
    public string Lack { get; init; } = "";
}

/// <summary>The effect that one seed has.</summary>
public readonly record struct SeedEffect(long Seed, double Value);

/// <summary>Each of some sides less a reference, in one metric: paired by seed.</summary>
/// <param name="Compared">The sides.</param>
/// <param name="Reference">The reference.</param>
/// <param name="In">The metric.</param>
public sealed record Difference(ImmutableArray<Series> Compared, Series Reference, MetricDescriptor In) : ClaimedEffect
{
    /// <inheritdoc/>
    public override ImmutableArray<Series> Series => [.. Compared, Reference];

    /// <inheritdoc/>
    public override MetricDescriptor Metric => In;

    /// <inheritdoc/>
    public override ClaimedEffect With(Func<Series, Series> change) =>
        this with { Compared = [.. Compared.Select(change)], Reference = change(Reference) };

    /// <inheritdoc/>
    public override ImmutableArray<Contrast> Of(ImmutableArray<RunRecord> runs) =>
    [
        .. Compared.Select(side => new Contrast(
            $"{side.Label(runs)} less {Reference.Label(runs)}", In.Title, UnitOf(runs, In),
            PerSeed(runs, [side, Reference], pair => side.Value(pair[0], In) - Reference.Value(pair[1], In)))),
    ];
}

/// <summary>Each of some sides over a reference, in one positive metric: means over seeds are geometric.</summary>
/// <param name="Compared">The sides.</param>
/// <param name="Reference">The reference.</param>
/// <param name="In">The metric.</param>
public sealed record Ratio(ImmutableArray<Series> Compared, Series Reference, MetricDescriptor In) : ClaimedEffect
{
    /// <inheritdoc/>
    public override ImmutableArray<Series> Series => [.. Compared, Reference];

    /// <inheritdoc/>
    public override MetricDescriptor Metric => In;

    /// <inheritdoc/>
    public override ClaimedEffect With(Func<Series, Series> change) =>
        this with { Compared = [.. Compared.Select(change)], Reference = change(Reference) };

    /// <inheritdoc/>
    public override ImmutableArray<Contrast> Of(ImmutableArray<RunRecord> runs) =>
    [
        .. Compared.Select(side => new Contrast(
            $"{side.Label(runs)} over {Reference.Label(runs)}", In.Title, "times",
            PerSeed(
                runs, [side, Reference],
                pair => side.Value(pair[0], In) is > 0 and var a && Reference.Value(pair[1], In) is > 0 and var b
                    ? Math.Log(a / b)
                    : null))),
    ];

    /// <inheritdoc/>
    public override double ToTested(double shown) => Math.Log(Math.Max(0, shown));

    /// <inheritdoc/>
    public override double ToShown(double tested) => Math.Exp(tested);
}

/// <summary>
/// The slope of a metric through several sides over log2 of a value of each, by least squares: what a doubling of the value adds. Of a
/// logarithmic metric log2 is taken too, so that the slope is the exponent of a power.
/// </summary>
/// <param name="Compared">The sides.</param>
/// <param name="Over">The value of each, positive.</param>
/// <param name="In">The metric.</param>
public sealed record Trend(ImmutableArray<Series> Compared, ImmutableArray<double> Over, MetricDescriptor In) : ClaimedEffect
{
    /// <summary>Whether log2 of the metric is taken: of costs, too.</summary>
    public bool IsExponent => In.IsLogarithmic || In.Kind == MetricKind.Cost;

    /// <inheritdoc/>
    public override ImmutableArray<Series> Series => Compared;

    /// <inheritdoc/>
    public override MetricDescriptor Metric => In;

    /// <inheritdoc/>
    protected override string Values => string.Join(", ", Over.Select(value => CsvFormat.Field(value)));

    /// <inheritdoc/>
    public override ClaimedEffect With(Func<Series, Series> change) => this with { Compared = [.. Compared.Select(change)] };

    /// <inheritdoc/>
    public override ImmutableArray<Contrast> Of(ImmutableArray<RunRecord> runs) =>
    [
        new(
            $"{string.Join("; ", Compared.Select(side => side.Label(runs)))}, over {Values}",
            In.Title,
            IsExponent ? "exponent" : $"{UnitOf(runs, In)} a doubling",
            PerSeed(runs, Compared, own =>
            {
                var values = own.Zip(Compared, (run, side) => side.Value(run, In)).OfType<double>().ToList();
                return values.Count < Compared.Length || (IsExponent && values.Any(value => value <= 0))
                    ? null
                    : Slope([.. Over.Select(Math.Log2)], [.. IsExponent ? values.Select(Math.Log2) : values]);
            })),
    ];

    private static double Slope(double[] x, double[] y)
    {
        double middle = x.Average(), mean = y.Average();
        return x.Zip(y, (a, b) => (a - middle) * (b - mean)).Sum() / x.Sum(a => (a - middle) * (a - middle));
    }
}

/// <summary>
/// How far the frontier of each of some sides lies above that of a reference: ln of the generative perplexity at equal sample entropy,
/// averaged over all entropies that both reach. A point of one entropy is never compared with a point of another.
/// </summary>
/// <param name="Compared">The sides.</param>
/// <param name="Reference">The reference.</param>
public sealed record Frontier(ImmutableArray<Series> Compared, Series Reference) : ClaimedEffect
{
    /// <inheritdoc/>
    public override ImmutableArray<Series> Series => [.. Compared, Reference];

    /// <inheritdoc/>
    public override ClaimedEffect With(Func<Series, Series> change) =>
        this with { Compared = [.. Compared.Select(change)], Reference = change(Reference) };

    /// <inheritdoc/>
    public override ImmutableArray<Contrast> Of(ImmutableArray<RunRecord> runs) => [.. Compared.Select(side => Of(runs, side))];

    /// <inheritdoc/>
    public override double ToTested(double shown) => Math.Log(Math.Max(0, shown));

    /// <inheritdoc/>
    public override double ToShown(double tested) => Math.Exp(tested);

    private Contrast Of(ImmutableArray<RunRecord> runs, Series side)
    {
        var ranges = new List<(double From, double To)>();
        int apart = 0;
        var seeds = PerSeed(runs, [side, Reference], pair =>
        {
            if (side.Frontier(pair[0]).Less(Reference.Frontier(pair[1])) is not var (gap, from, to))
            {
                apart++;
                return null;
            }

            ranges.Add((from, to));
            return gap;
        });
        return new(
            $"{side.Label(runs)} against {Reference.Label(runs)}", "Perplexity at equal entropy", "times", seeds)
        {
            Remark = ranges.Count == 0
                ? ""
                : FormattableString.Invariant(
                    $"at entropies from {ranges.Average(range => range.From):0.00} to {ranges.Average(range => range.To):0.00} nats"),
            Lack = apart == 0 ? "" : $"the frontiers have no common entropy with {apart} of {apart + seeds.Length} seeds",
        };
    }
}
