using Bench.Experiments.Keys;

namespace Bench.Experiments.Format;

/// <summary>The keys under <c>sampling</c>.</summary>
internal static class SamplingKeys
{
    public static readonly Key<int> Count = new(
        "count", new Number<int>(new(0, 65_536), "it counts texts", "Use 16, or 0 to generate nothing."), "Texts to generate.", "16");

    public static readonly Key<int> Steps = new(
        "steps",
        new Number<int>(new(1, 1e6), "it counts steps from noise to text", "Use 64."),
        "Steps from noise to text, where a method leaves the choice; by default one a word.");

    public static Section Section { get; } = new(Count, Steps);
}
