using static TorchSharp.torch;

namespace Bench.Backbone;

/// <summary>Shifts, scales and gates of a layer: parts of the rows of a table, of which each token has one.</summary>
/// <param name="Table">[R, P·D]</param>
/// <param name="Index">[N] the row of each token; null where the N tokens are R runs that share a row each.</param>
internal sealed record Modulation(Tensor Table, Tensor? Index)
{
    /// <summary>A part, as it is applied to tokens.</summary>
    /// <param name="part">Which.</param>
    /// <param name="like">What it is applied to: [.., D], a run after the other where there is no index.</param>
    /// <returns>[N, D] in the shape of <paramref name="like"/>, or [R, 1, D].</returns>
    public Tensor Part(int part, Tensor like)
    {
        long width = like.size(-1);
        var rows = Table.narrow(1, part * width, width);
        return Index is null ? rows.unsqueeze(1) : rows.index_select(0, Index).view(like.shape);
    }
}
