namespace Bench.Reporting.Comparisons;

/// <summary>Methods that are drawn together.</summary>
internal static class Family
{
    // In the order in which they are drawn; a method that begins with none of the others is a baseline.
    public static readonly string[] All = ["Autoregressive and diffusion models", "γ-hybrids", "ε-hybrids"];

    public static string Of(MethodResult method) =>
        method.Method.StartsWith("gamma", StringComparison.Ordinal) ? All[1]
        : method.Method.StartsWith("epsilon", StringComparison.Ordinal) ? All[2]
        : All[0];
}
