namespace Bench.Results;

/// <summary>One number measured of generated text, or of the speed at which it was generated: a row of <c>generation.csv</c>.</summary>
/// <param name="Setting">How the text was generated.</param>
/// <param name="Name">One of <see cref="GenerationMetricNames"/>.</param>
/// <param name="Judge">Which model judged it; empty where none did.</param>
/// <param name="Unit">One of <see cref="Units"/>.</param>
/// <param name="Value">The number itself.</param>
/// <param name="StandardError">Its standard error; null where none was estimated.</param>
/// <param name="Low">The lower end of the 95 % interval; null where none was estimated.</param>
/// <param name="High">Its upper end.</param>
/// <param name="Count">How many independent pieces (sequences, repeats) the interval rests on.</param>
/// <param name="Protocol">How it was measured, in words.</param>
public sealed record GenerationMetric(
    GenerationSetting Setting,
    string Name,
    string Judge,
    string Unit,
    double Value,
    double? StandardError = null,
    double? Low = null,
    double? High = null,
    long? Count = null,
    string Protocol = "");
