using static TorchSharp.torch;

namespace Bench.Models;

/// <summary>The residual stream. What the last branch adds to it waits for the next normalisation, which does both in one pass over memory.</summary>
/// <param name="X">[B, L, D], or [M, D] where it is that of the wanted positions alone; in full precision.</param>
/// <param name="Pending">What is to be added; null for nothing.</param>
internal sealed record ResidualStream(Tensor X, Branch? Pending = null)
{
    /// <summary>With all that is to be added.</summary>
    public Tensor Sum() => Pending is null ? X.alias() : Pending.AddedTo(X);
}
