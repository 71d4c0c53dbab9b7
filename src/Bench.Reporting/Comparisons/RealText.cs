using Bench.Reporting.Numbers;
using Bench.Results;

namespace Bench.Reporting.Comparisons;

/// <summary>
/// The test text, measured as if a method had generated it: what good text is to be like. It is the method named
/// <c>text</c> where there is one, else what any run recorded of its test split.
/// </summary>
internal sealed class RealText(Comparison comparison)
{
    public const string Method = "text";

    private readonly MethodResult? text = comparison.Methods.FirstOrDefault(method => method.Method == Method && !method.Generated.IsEmpty);

    /// <summary>Whether it has a row of its own among the methods.</summary>
    public bool IsMethod => text is not null;

    /// <summary>One of <see cref="GenerationMetricNames"/>, of the text itself; null where nobody measured it.</summary>
    public Measurement? Measure(string name, string? judge = null) => text is { Generated: { Main: { } main } generated }
        ? generated.Quality(main, name, judge)
        : judge is null ? comparison.Methods.Select(method => method.Measure(name, Splits.Test)).FirstOrDefault(found => found is not null) : null;
}
