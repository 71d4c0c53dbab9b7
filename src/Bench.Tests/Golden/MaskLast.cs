using static TorchSharp.torch;

namespace Bench.Tests.Golden;

/// <summary>Renumbers a vocabulary whose mask stands anywhere, so that it stands last, as in this suite.</summary>
internal sealed class MaskLast(int size, int maskId)
{
    public long[] Of(long[] tokens) => Array.ConvertAll(tokens, token => token == maskId ? size - 1 : token > maskId ? token - 1 : token);

    /// <summary>Tokens as the file numbers them.</summary>
    public long[] Back(long[] tokens) =>
        Array.ConvertAll(tokens, token => token == size - 1 ? maskId : token >= maskId ? token + 1 : token);

    /// <summary>[.., V] entries as the file orders them.</summary>
    public Tensor Back(Tensor entries) =>
        entries.index_select(-1, tensor([.. Enumerable.Range(0, size).Select(id => id == maskId ? size - 1L : id > maskId ? id - 1 : id)]));

    /// <summary>V numbers.</summary>
    public double[] Of(double[] entries) =>
        [.. Enumerable.Range(0, size).Where(id => id != maskId).Append(maskId).Select(id => entries[id])];

    /// <summary>V numbers as the file orders them.</summary>
    public double[] Back(double[] entries) =>
        [.. Enumerable.Range(0, size).Select(id => entries[id == maskId ? size - 1 : id > maskId ? id - 1 : id])];

    /// <summary>[.., V]</summary>
    public Tensor Of(Tensor entries) =>
        entries.index_select(-1, tensor([.. Enumerable.Range(0, size).Where(id => id != maskId).Append(maskId).Select(id => (long)id)]));
}
