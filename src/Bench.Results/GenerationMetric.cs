namespace Bench.Results;

/// <summary>One number measured of generated text, or of the speed at which it was generated: a row of <c>generation.csv</c>.</summary>
/// <param name="Setting">How the text was generated.</param>
/// <param name="Name">A name of <see cref="Metrics.MetricCatalog"/>.</param>
/// <param name="Scorer">Which model scored it; empty where none did.</param>
/// <param name="Unit">One of <see cref="Units"/>.</param>
/// <param name="Value">The number itself; NaN where it is not defined for this text.</param>
/// <param name="StandardError">Its standard error; null where none was estimated.</param>
/// <param name="Low">The lower end of the 95 % interval; null where none was estimated.</param>
/// <param name="High">Its upper end.</param>
/// <param name="Count">How many independent pieces (sequences, repeats) the interval rests on.</param>
/// <param name="Protocol">How it was measured, as text; where there is no number, why.</param>
public sealed record GenerationMetric(
    GenerationSetting Setting,
    string Name,
    string Scorer,
    string Unit,
    double Value,
    double? StandardError = null,
    double? Low = null,
    double? High = null,
    long? Count = null,
    string Protocol = "")
{
    private const string Mark = "undefined: ";

    /// <summary>Why there is no number; null where there is one.</summary>
    public string? Undefined => !double.IsNaN(Value) ? null
        : Protocol.StartsWith(Mark, StringComparison.Ordinal) ? Protocol[Mark.Length..]
        : "it is not defined for this text";

    /// <summary>Whether there is no number, and the row says why.</summary>
    public bool SaysWhyUndefined => double.IsNaN(Value) && Protocol.StartsWith(Mark, StringComparison.Ordinal);

    /// <summary>The row of a number that is not defined for a text.</summary>
    /// <param name="setting">How the text was generated.</param>
    /// <param name="name">A name of <see cref="Metrics.MetricCatalog"/>.</param>
    /// <param name="scorer">The model that was to score it; empty where none was.</param>
    /// <param name="unit">One of <see cref="Units"/>.</param>
    /// <param name="count">How many pieces there are.</param>
    /// <param name="why">The reason, as text.</param>
    public static GenerationMetric NotDefined(GenerationSetting setting, string name, string scorer, string unit, long count, string why) =>
        new(setting, name, scorer, unit, double.NaN, Count: count, Protocol: Mark + why);
}

/// <summary>One way of generating with a run's network.</summary>
/// <param name="Sampler">The sampler's name.</param>
/// <param name="Steps">Steps along the hyperschedule; 0 for a model that has none.</param>
/// <param name="Temperature">Of the predicted distributions of tokens, p ∝ p^(1/T): 1 leaves them as they are, 0 is greedy.</param>
/// <param name="Nucleus">Top-p: the most probable tokens that reach this probability together are drawn from; 1 for all.</param>
/// <param name="Cached">Whether keys and values of settled tokens were kept between steps.</param>
/// <param name="Batch">Sequences generated at once.</param>
public sealed record GenerationSetting(string Sampler, int Steps, double Temperature = 1, double Nucleus = 1, bool Cached = false,
    int Batch = 1);

/// <summary>A generated text: <c>samples/&lt;name&gt;.txt</c>.</summary>
public sealed record Sample(string Name, string Text);
