using System.Collections.Immutable;

namespace Bench.Reporting.Comparisons;

/// <summary>Methods that are drawn together: they are told apart by what noise does to a token.</summary>
/// <param name="Key">In the style file of figures.</param>
/// <param name="Title">For people.</param>
internal sealed record Family(string Key, string Title)
{
    /// <summary>In the order in which they are drawn.</summary>
    public static readonly ImmutableArray<Family> All =
    [
        new("masked", "Autoregressive and masked diffusion"),
        new("uniform", "Uniform and mixed noise"),
        new("gamma", "γ-hybrids"),
        new("epsilon", "ε-hybrids"),
    ];

    private static readonly string[] Uniform = ["sedd-uniform", "d3pm-uniform", "udlm", "duo", "gidd", "xdlm"];

    /// <summary>By the method's name; one that begins with none of the others' is of the first.</summary>
    public static Family Of(MethodResult method) =>
        method.Method.StartsWith("gamma", StringComparison.Ordinal) ? All[2]
        : method.Method.StartsWith("epsilon", StringComparison.Ordinal) ? All[3]
        : Uniform.Any(name => method.Method.StartsWith(name, StringComparison.Ordinal)) ? All[1]
        : All[0];
}
