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

/// <summary>Which part of the corpus a number was measured on; a number that belongs to none has <see cref="None"/>.</summary>
public static class Splits
{
    public const string Train = "train";
    public const string Validation = "validation";
    public const string Test = "test";
    public const string None = "";

    /// <summary>
    /// Whether a number was measured on text of another kind than the training text; the split is then the name of that text.
    /// </summary>
    public static bool IsZeroShot(string split) => split is not (Train or Validation or Test or None);
}
