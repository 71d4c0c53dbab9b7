using Bench.Kernels;
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
        bool isShared = sigma.Index().All(each => each.Item == first[each.Index / slots]);
        return isShared ? tensor(first).On(device) : tensor(sigma, [rows, slots]).On(device);
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

/// <summary>Which noise levels occur in a call, as the host knows them.</summary>
/// <remarks>
/// A network that is given σ of each token embeds every level once. Where σ is on another device, it would have to wait for what it reads
/// back to find them; on the CPU it reads σ.
/// </remarks>
/// <param name="Distinct">U total noises.</param>
/// <param name="Index">B·C: which of them a token's is.</param>
public sealed record NoiseLevels(double[] Distinct, long[] Index)
{
    /// <summary>Those of a call whose tokens differ in their noise within a row, for a device other than the CPU; else null.</summary>
    /// <param name="sigma">B·C total noises.</param>
    /// <param name="given">What <see cref="Condition.Of"/> made of them.</param>
    public static NoiseLevels? Of(double[] sigma, Tensor? given) =>
        given is null || given.dim() == 1 || given.device_type == TorchSharp.DeviceType.CPU ? null : Of(sigma);

    /// <summary>The levels in the order in which they occur.</summary>
    public static NoiseLevels Of(double[] sigma)
    {
        Dictionary<double, long> numbers = [];
        long[] index =
            Array.ConvertAll(sigma, value => numbers.TryGetValue(value, out long number) ? number : numbers[value] = numbers.Count);
        return new([.. numbers.Keys], index);
    }
}
