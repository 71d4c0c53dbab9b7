using static TorchSharp.torch;

namespace Bench.Backbone;

/// <summary>The residual stream. What the last branch adds to it waits for the next normalisation, which does both in one pass over memory.</summary>
/// <param name="X">[B, L, D], or [M, D] where it is that of the wanted positions alone; in full precision.</param>
/// <param name="Pending">What is to be added; null for nothing.</param>
internal sealed record ResidualStream(Tensor X, Branch? Pending = null)
{
    /// <summary>With all that is to be added.</summary>
    public Tensor Sum() => Pending is null ? X.alias() : Pending.AddedTo(X);

    /// <summary>Some rows of it, with what is to be added to them.</summary>
    /// <param name="wanted">[M] flat positions.</param>
    /// <param name="condition">What gates are made of.</param>
    /// <returns>[M, D]</returns>
    public ResidualStream At(Tensor wanted, Condition? condition) => new(
        Rows(X, wanted),
        Pending is null ? null : Pending with { Output = Rows(Pending.Output, wanted), Modulation = Pending.Modulation is { } all ? condition!.At(all, wanted) : null });

    /// <summary>Some rows of a tensor.</summary>
    /// <param name="x">[B, L, D]</param>
    /// <param name="wanted">[M] flat positions.</param>
    /// <returns>[M, D]</returns>
    public static Tensor Rows(Tensor x, Tensor wanted) => x.flatten(0, 1).index_select(0, wanted);

    /// <summary>Gives up what it is made of, behind the block that has read it; where there are gradients, the graph has kept what they need.</summary>
    public void Release()
    {
        X.Dispose();
        Pending?.Output.Dispose();
        Pending?.Modulation?.Table.Dispose();
    }
}
