namespace Bench.Results;

/// <summary>One measured number: a row of <c>metrics.csv</c>.</summary>
/// <param name="Name">One of <see cref="Metrics.MetricCatalog"/>, or a name of the experiment's own.</param>
/// <param name="Split">One of <see cref="Splits"/>.</param>
/// <param name="Unit">One of <see cref="Units"/>.</param>
/// <param name="Value">The number itself.</param>
/// <param name="StandardError">Its standard error in the same unit; null where none was estimated.</param>
/// <param name="Count">How many independent pieces (sequences, samples) the standard error rests on.</param>
/// <param name="Protocol">How it was measured, as text: only numbers of one protocol compare.</param>
public sealed record Metric(
    string Name,
    string Split,
    string Unit,
    double Value,
    double? StandardError = null,
    long? Count = null,
    string Protocol = "");
