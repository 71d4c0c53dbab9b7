using static TorchSharp.torch;

namespace Bench.Backbone;

/// <summary>The noise embedding of each sequence or of each token, computed once for tokens that are equally noisy.</summary>
/// <param name="Embedded">[B or U, C]</param>
/// <param name="Index">[B·L] which of the U embeddings is a token's; null where each sequence has its own.</param>
/// <param name="Length">L.</param>
internal sealed record Condition(Tensor Embedded, Tensor? Index, long Length)
{
    /// <summary>What a network is told of the noise: [B] where the tokens of each row are equally noisy, which is cheaper, else [B, C].</summary>
    /// <param name="sigma">B·C total noises.</param>
    /// <param name="rows">B.</param>
    /// <param name="device">Where the network is.</param>
    public static Tensor Tell(double[] sigma, int rows, Device device)
    {
        int columns = sigma.Length / rows;
        double[] first = [.. Enumerable.Range(0, rows).Select(row => sigma[row * columns])];
        return sigma.Index().All(told => told.Item == first[told.Index / columns]) ? tensor(first, device: device) : tensor(sigma, [rows, columns], device: device);
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
