using Bench.Kernels;
using static TorchSharp.torch;

namespace Bench.Models;

/// <summary>What a branch adds to the residual stream.</summary>
internal static class Residual
{
    /// <summary>x + gate · dropout(branch + bias).</summary>
    /// <param name="x">[B, L, D] the residual stream.</param>
    /// <param name="branch">[B, L, D] in the type of products.</param>
    /// <param name="bias">[D] or null.</param>
    /// <param name="m">Null for no gate.</param>
    /// <param name="gate">Which part of the modulation is the gate.</param>
    /// <param name="dropout">Training's dropout.</param>
    /// <param name="place">Names the branch.</param>
    public static Tensor Add(Tensor x, Tensor branch, Tensor? bias, Modulation? m, int gate, Dropout dropout, string place)
    {
        using var scope = NewDisposeScope();
        bool fuses = FusedKernels.Supports(OwnKernels.Gate, x, branch.dtype);
        if (bias is not null && (dropout.IsActive || !fuses))
            (branch, bias) = (branch + bias.to(branch.dtype), null);
        var kept = dropout.Apply(branch, place);
        if (fuses)
            return FusedKernels.Gate(x, kept, bias, m?.Table, m?.Index, gate).MoveToOuterDisposeScope();
        var added = kept.to(x.dtype);
        return (m is null ? x + added : x + (m.Part(gate, x) * added)).MoveToOuterDisposeScope();
    }
}
