using System.Collections.Immutable;
using Bench.Reporting.Statistics;
using Bench.Results;
using Bench.Results.Metrics;
using Bench.Results.Runs;

namespace Bench.Reporting.Comparisons;

/// <summary>The models that the generated texts of a comparison were scored by.</summary>
internal static class Scorers
{
    /// <summary>Experiments of this name train scorers.</summary>
    public const string Experiment = "judge"; // stored name

    // The distribution that the training text was drawn from, where it is known: no other scorer is better.
    internal const string Truth = "truth";

    /// <summary>
    /// The true distribution first, then the others by the number of methods that they scored, n-gram models last: the coarsest. Behind
    /// them are scorers without a finite number, which cannot be drawn.
    /// </summary>
    public static ImmutableArray<string> Of(Comparison comparison) =>
    [
        .. comparison.Methods
            .SelectMany(method => method.Generated.Scorers,
                (method, scorer) => (Scorer: scorer, IsFinite: IsFinite(method.Generated, scorer)))
            .GroupBy(pair => pair.Scorer, pair => pair.IsFinite, StringComparer.Ordinal)
            .OrderByDescending(group => group.Any(finite => finite))
            .ThenByDescending(group => group.Key == Truth)
            .ThenByDescending(group => group.Count())
            .ThenBy(group => group.Key.StartsWith("ngram-", StringComparison.Ordinal))
            .Select(group => group.Key),
    ];

    /// <summary>Runs that trained scorers, as methods; they are compared with nothing.</summary>
    public static ImmutableArray<MethodResult> Trained(IEnumerable<RunRecord> runs) =>
        [.. Comparison.All(runs.Where(run => run.Experiment == Experiment)).SelectMany(comparison => comparison.Methods)];

    private static bool IsFinite(Generated generated, string scorer) =>
        generated.Quality(generated.Main!, ScoredText.Perplexity, scorer) is { } found && double.IsFinite(found.Value);
}

/// <summary>The test text, measured as if a method of the name <c>text</c> had generated it: the reference for quality.</summary>
internal sealed class RealText(Comparison comparison)
{
    public const string Method = "text";

    private readonly MethodResult? text = comparison.Methods.FirstOrDefault(method => method.Method == Method && !method.Generated.IsEmpty);

    /// <summary>A metric of the text itself; null where it was not measured.</summary>
    public Measurement? Measure(MetricDescriptor metric, string? scorer = null) =>
        text is { Generated: { Main: { } main } generated } ? generated.Quality(main, metric, scorer) : null;
}
