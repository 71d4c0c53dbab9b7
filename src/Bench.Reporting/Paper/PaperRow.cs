using System.Collections.Immutable;
using Bench.Reporting.Comparisons;
using Bench.Results;

namespace Bench.Reporting.Paper;

/// <summary>A row that the paper's tables of models share.</summary>
/// <param name="Title">As the paper calls it.</param>
/// <param name="Published">As the lists of published numbers do.</param>
/// <param name="IsOurs">Which of our methods are meant.</param>
internal sealed record PaperRow(string Title, string Published, Func<MethodResult, bool> IsOurs)
{
    /// <summary>In the paper's order.</summary>
    public static ImmutableArray<PaperRow> All { get; } =
    [
        new("Transformer (AR)", "AR", method => method.Method == "ar"),
        new("SEDD", "SEDD absorb", method => method.Method == "sedd-absorb"),
        new("MDLM", "MDLM", method => method.Method == "mdlm"),
        new("BD3-LM", "BD3-LM", method => method.Method == "bd3lm"),
        new("γ-Hybrid", "HDLM gamma-hybrid", method => Family.Of(method) == Family.Gamma),
        new("ε-Hybrid", "HDLM epsilon-hybrid", method => Family.Of(method) == Family.Epsilon),
    ];

    /// <summary>Ours; of several the one with the best validation likelihood, since the test text must not choose. Null where none has finished.</summary>
    public MethodResult? Ours(Comparison comparison) => comparison.Networks
        .Where(method => IsOurs(method) && method.Bits(Splits.Test) is not null)
        .MinBy(method => method.Bits(Splits.Validation)?.Value ?? double.PositiveInfinity);
}
