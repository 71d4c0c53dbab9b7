using static TorchSharp.torch;

namespace Bench.Backbone;

/// <summary>What is added to the residual stream: gate · (output + bias).</summary>
/// <param name="Output">[B, L, D] or [M, D] in the type of products.</param>
/// <param name="Bias">[D] or null.</param>
/// <param name="Modulation">Null for no gate.</param>
/// <param name="Gate">Which part of the modulation is the gate.</param>
internal sealed record Branch(Tensor Output, Tensor? Bias, Modulation? Modulation, int Gate)
{
    /// <summary>With some of the output dropped, and of the bias.</summary>
    /// <param name="dropout">Training's dropout.</param>
    /// <param name="place">Names the branch.</param>
    public Branch Dropped(Dropout dropout, string place) =>
        dropout.IsActive ? this with { Output = dropout.Apply(Biased(), place), Bias = null } : this;

    /// <summary>The residual stream with this branch.</summary>
    /// <param name="x">[B, L, D] or [M, D]</param>
    public Tensor AddedTo(Tensor x)
    {
        using var scope = NewDisposeScope();
        var added = Biased().to(x.dtype);
        return (Modulation is null ? x + added : x + (Modulation.Part(Gate, x) * added)).MoveToOuterDisposeScope();
    }

    private Tensor Biased() => Bias is null ? Output : Output + Bias.to(Output.dtype);
}
