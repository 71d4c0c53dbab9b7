using Bench.Training;

namespace Bench.Experiments.Definitions;

/// <summary>The types of matrix products, as definitions call them.</summary>
public static class PrecisionNames
{
    /// <summary>Names and types.</summary>
    public static IReadOnlyList<KeyValuePair<string, Precision>> All { get; } =
    [
        new("bf16", Precision.BFloat16),
        new("float32", Precision.Float32),
    ];

    /// <summary>The name of a type.</summary>
    public static string Of(Precision precision) => All.First(pair => pair.Value == precision).Key;
}
