using Bench.Numerics;
using static TorchSharp.torch;

namespace Bench.Backbone;

/// <summary>Drops a share of a branch's output and scales up the rest; the draws are addressed, so that a resumed run drops the same numbers.</summary>
/// <param name="Share">The share that is dropped.</param>
/// <param name="Stream">The draws of this step; null in evaluation, when nothing is dropped.</param>
public readonly record struct Dropout(double Share, RandomStream? Stream)
{
    /// <summary>Whether anything is dropped.</summary>
    public bool IsActive => Share != 0 && Stream is not null;

    /// <summary>Applies a mask drawn for the named place in the network.</summary>
    /// <param name="x">[B, L, D]</param>
    /// <param name="place">Names the branch; each has draws of its own.</param>
    public Tensor Apply(Tensor x, string place)
    {
        if (!IsActive)
            return x.alias();
        using var scope = NewDisposeScope();
        var uniform = new double[x.numel()];
        Stream!.Value.Split(place).Fill(0, uniform);
        double share = Share, kept = 1 / (1 - Share);
        var mask = Array.ConvertAll(uniform, u => u < share ? 0f : (float)kept);
        return (x * tensor(mask, x.shape, x.dtype, x.device)).MoveToOuterDisposeScope();
    }
}
