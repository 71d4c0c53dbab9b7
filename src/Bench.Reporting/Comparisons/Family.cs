using System.Collections.Immutable;

namespace Bench.Reporting.Comparisons;

/// <summary>Methods that are drawn together: they are told apart by what noise does to a token.</summary>
/// <param name="Key">In the style file of figures.</param>
/// <param name="Title">For people.</param>
internal sealed record Family(string Key, string Title)
{
    public static readonly Family Masked = new("masked", "Autoregressive and masked diffusion");

    public static readonly Family Uniform = new("uniform", "Uniform and mixed noise");

    public static readonly Family Gamma = new("gamma", "γ-hybrids");

    public static readonly Family Epsilon = new("epsilon", "ε-hybrids");

    /// <summary>In the order in which they are drawn.</summary>
    public static readonly ImmutableArray<Family> All = [Masked, Uniform, Gamma, Epsilon];

    private static readonly string[] WithUniformNoise = ["sedd-uniform", "d3pm-uniform", "udlm", "duo", "gidd", "xdlm"];

    /// <summary>By the method's name; one that begins with none of the others' names is of the first.</summary>
    public static Family Of(MethodResult method) =>
        method.Method.StartsWith("gamma", StringComparison.Ordinal) ? Gamma
        : method.Method.StartsWith("epsilon", StringComparison.Ordinal) ? Epsilon
        : WithUniformNoise.Any(name => method.Method.StartsWith(name, StringComparison.Ordinal)) ? Uniform
        : Masked;
}
