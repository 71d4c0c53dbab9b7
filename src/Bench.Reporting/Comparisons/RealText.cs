using Bench.Reporting.Statistics;
using Bench.Results;
using Bench.Results.Metrics;

namespace Bench.Reporting.Comparisons;

/// <summary>The test text, measured as if a method of the name <c>text</c> had generated it: the reference for quality.</summary>
internal sealed class RealText(Comparison comparison)
{
    public const string Method = "text";

    private readonly MethodResult? text = comparison.Methods.FirstOrDefault(method => method.Method == Method && !method.Generated.IsEmpty);

    /// <summary>A metric of the text itself; null where it was not measured.</summary>
    public Measurement? Measure(MetricDescriptor metric, string? scorer = null) =>
        text is { Generated: { Main: { } main } generated } ? generated.Quality(main, metric, scorer) : null;
}
