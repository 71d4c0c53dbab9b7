using static TorchSharp.torch;

namespace Bench.Backbone;

/// <summary>The noise embedding of each sequence or of each token, computed once for tokens that are equally noisy.</summary>
/// <param name="Embedded">[B or U, C]</param>
/// <param name="Index">[B·L] which of the U embeddings is a token's; null where each sequence has its own.</param>
/// <param name="Length">L.</param>
internal sealed record Condition(Tensor Embedded, Tensor? Index, long Length)
{
    /// <summary>
    /// The noise levels that a network is given: [B] where the tokens of each row are equally noisy, which is cheaper, else [B, C].
    /// </summary>
    /// <param name="sigma">B·C total noises.</param>
    /// <param name="rows">B.</param>
    /// <param name="device">Where the network is.</param>
    public static Tensor Of(double[] sigma, int rows, Device device)
    {
        int slots = sigma.Length / rows;
        double[] first = [.. Enumerable.Range(0, rows).Select(row => sigma[row * slots])];
        return sigma.Index().All(each => each.Item == first[each.Index / slots]) ? tensor(first, device: device)
            : tensor(sigma, [rows, slots], device: device);
    }

    /// <summary>Shifts, scales and gates for a layer.</summary>
    /// <param name="modulation">The layer's own linear map of the embedding.</param>
    public Modulation Through(Affine modulation) => new(modulation.call(Embedded), Index);

    /// <summary>The same for some of the tokens.</summary>
    /// <param name="all">Shifts, scales and gates of all.</param>
    /// <param name="wanted">[M] flat positions.</param>
    public Modulation At(Modulation all, Tensor wanted) => all with { Index = (Index ?? Runs()).index_select(0, wanted) };

    // 0, 0, .., 1, 1, ..: each sequence's own.
    private Tensor Runs() => arange(Embedded.size(0), int64, Embedded.device).unsqueeze(1).expand(Embedded.size(0), Length).flatten();
}

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
