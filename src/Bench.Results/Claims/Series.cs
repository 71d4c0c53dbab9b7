using System.Collections.Immutable;
using Bench.Results.Metrics;
using Bench.Results.Runs;

namespace Bench.Results.Claims;

/// <summary>One side of a comparison: a method of the definition, and how its numbers are read.</summary>
/// <param name="Method">The method's name.</param>
public sealed record Series(string Method)
{
    private const string NGram = "ngram-", Truth = "truth";

    /// <summary>The samplers to look at in place of the method's own, as <c>generation.csv</c> calls them; none for its own.</summary>
    public ImmutableArray<string> Samplers { get; init; } = [];

    /// <summary>Whether keys and values were kept in generation; null for whichever way is the run's own.</summary>
    public bool? Cached { get; init; }

    /// <summary>The metric to read in place of the one that the comparison is in; null for that one.</summary>
    public MetricDescriptor? Metric { get; init; }

    /// <summary>Such as <c>MDLM, ReMDM cap 0.04, without cache</c>; the method's name where there is no run yet.</summary>
    public string Label(ImmutableArray<RunRecord> runs) => string.Join(", ", ((string?[])
    [
        runs.FirstOrDefault(run => run.Method == Method)?.Definition.Title ?? Method,
        .. Samplers.Length > 3 ? [$"{Samplers[0]} to {Samplers[^1]}"] : Samplers,
        Cached switch { true => "with cache", false => "without cache", _ => null },
        Metric?.Title,
    ]).OfType<string>());

    /// <summary>All of it, as text.</summary>
    public string Fingerprint => $"{Method} [{string.Join(", ", Samplers)}] {Cached} {Metric?.Name}";

    /// <summary>
    /// A run's value of a metric: of the test text, or of the text that the run generated in its own way but for what the series says;
    /// null where it has none.
    /// </summary>
    public double? Value(RunRecord run, MetricDescriptor metric)
    {
        metric = Metric ?? metric;
        if (metric.File != "generation.csv")
            return (run.Find(metric, Splits.Test) ?? run.Find(metric))?.Value;
        if (run.Generation.IsEmpty)
            return null;
        var main = run.Generation[0].Setting;
        string sampler = Samplers is [var only] ? only : main.Sampler, scorer = metric.IsScored ? Scorer(run) : "";

        // Neither the cache nor the number of texts made at once changes the text: where they do not matter, any will do.
        return run.Generation
            .Where(row => row.Name == metric.Name && row.Scorer == scorer && row.Setting.Sampler == sampler)
            .Where(row => row.Setting with { Sampler = main.Sampler, Cached = main.Cached, Batch = main.Batch } == main)
            .Where(row => metric.Kind == MetricKind.Text
                || (row.Setting.Batch == main.Batch && row.Setting.Cached == (Cached ?? main.Cached)))
            .Select(row => (double?)row.Value)
            .FirstOrDefault();
    }

    /// <summary>
    /// Quality over diversity: ln of the generative perplexity (nats a token) over the sample entropy (nats), through the temperatures of
    /// the method's own sampler, or through the samplers of the series at the run's own temperature. All at the run's own number of steps.
    /// </summary>
    public Curve Frontier(RunRecord run)
    {
        if (run.Generation.IsEmpty)
            return new([]);
        var main = run.Generation[0].Setting;
        string scorer = Scorer(run);
        double? Of(GenerationSetting setting, MetricDescriptor metric, string scoredBy) => run.Generation
            .FirstOrDefault(row => row.Name == metric.Name && row.Scorer == scoredBy && row.Setting == setting)?.Value;
        return new(
        [
            .. from setting in run.Generation.Select(row => row.Setting).Distinct()
               where Samplers.IsEmpty ? setting.Sampler == main.Sampler : Samplers.Contains(setting.Sampler)
               where setting with { Sampler = main.Sampler, Temperature = Samplers.IsEmpty ? main.Temperature : setting.Temperature }
                   == main
               let perplexity = Of(setting, ScoredText.Perplexity, scorer)
               let entropy = Of(setting, SampleEntropy.Metric, "")
               where perplexity is > 0 && double.IsFinite(perplexity.Value) && entropy is { } number && double.IsFinite(number)
               select (entropy.Value, Math.Log(perplexity.Value)),
        ]);
    }

    // The true distribution where it is known, then a network, then counts: the coarsest.
    private static string Scorer(RunRecord run) => run.Generation
        .Where(row => row.Name == ScoredText.Perplexity.Name)
        .Select(row => row.Scorer)
        .Distinct(StringComparer.Ordinal)
        .OrderByDescending(scorer => scorer == Truth)
        .ThenBy(scorer => scorer.StartsWith(NGram, StringComparison.Ordinal))
        .FirstOrDefault() ?? "";
}

/// <summary>A function through points, piecewise linear between them and nowhere else.</summary>
public sealed class Curve
{
    private readonly ImmutableArray<(double X, double Y)> points;

    /// <summary>Sorts the points; those of one x become their mean.</summary>
    public Curve(IEnumerable<(double X, double Y)> points) => this.points =
    [
        .. points.GroupBy(point => point.X).OrderBy(group => group.Key)
            .Select(group => (group.Key, group.Average(point => point.Y))),
    ];

    /// <summary>How many points there are.</summary>
    public int Count => points.Length;

    /// <summary>
    /// The mean of this curve less another over all x that both have, exact for the piecewise linear curves, with these x; null where they
    /// have none in common, or only one.
    /// </summary>
    public (double Gap, double From, double To)? Less(Curve other)
    {
        if (points.IsEmpty || other.points.IsEmpty)
            return null;
        double from = Math.Max(points[0].X, other.points[0].X), to = Math.Min(points[^1].X, other.points[^1].X);
        if (!(from < to))
            return null;
        double[] knots = [from, .. points.Concat(other.points).Select(point => point.X).Where(x => x > from && x < to).Distinct().Order(),
            to];
        double area = 0; // between knots the difference is linear, so that trapezoids are exact
        foreach (var (left, right) in knots.Zip(knots.Skip(1)))
            area += (right - left) * (At(left) - other.At(left) + At(right) - other.At(right)) / 2;
        return (area / (to - from), from, to);
    }

    // Only within the range of the points.
    private double At(double x)
    {
        int next = 0;
        while (points[next].X < x)
            next++;
        if (points[next].X == x)
            return points[next].Y;
        var (a, b) = (points[next - 1], points[next]);
        return a.Y + ((b.Y - a.Y) * (x - a.X) / (b.X - a.X));
    }
}
