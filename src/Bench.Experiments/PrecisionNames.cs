using Bench.Training;

namespace Bench.Experiments;

/// <summary>The types of matrix products, as definitions call them.</summary>
internal static class PrecisionNames
{
    public static IReadOnlyList<KeyValuePair<string, Precision>> All { get; } = [new("bf16", Precision.BFloat16), new("float32", Precision.Float32)];

    public static string Of(Precision precision) => All.First(pair => pair.Value == precision).Key;
}
