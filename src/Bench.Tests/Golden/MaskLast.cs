using static TorchSharp.torch;

namespace Bench.Tests.Golden;

/// <summary>Renumbers a vocabulary whose mask stands anywhere, so that it stands last, as in this suite.</summary>
internal sealed class MaskLast(int size, int maskId)
{
    public long[] Of(long[] tokens) => Array.ConvertAll(tokens, token => token == maskId ? size - 1 : token > maskId ? token - 1 : token);

    /// <summary>[.., V]</summary>
    public Tensor Of(Tensor columns) =>
        columns.index_select(-1, tensor([.. Enumerable.Range(0, size).Where(id => id != maskId).Append(maskId).Select(id => (long)id)]));
}
