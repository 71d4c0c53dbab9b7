using static TorchSharp.torch;

namespace Bench.Pretrained;

/// <summary>softmax(q kᵀ / √D) v, each query looking at itself and backwards.</summary>
internal static class CausalAttention
{
    /// <summary>Mixes the values.</summary>
    /// <param name="q">[B, L, H, D]</param>
    /// <param name="k">[B, L, H, D]</param>
    /// <param name="v">[B, L, H, D]</param>
    /// <returns>[B, L, H·D]</returns>
    public static Tensor Mix(Tensor q, Tensor k, Tensor v)
    {
        using var scope = NewDisposeScope();
        var (batch, length, heads, width) = (q.size(0), q.size(1), q.size(2), q.size(3));
        var later = ones(length, length, ScalarType.Bool, q.device).triu(1);                                         // [L, L]
        var scores = q.transpose(1, 2).mul(1 / Math.Sqrt(width)).matmul(k.permute(0, 2, 3, 1));                      // [B, H, L, L]
        var weights = scores.masked_fill(later, double.NegativeInfinity).softmax(-1);
        return weights.matmul(v.transpose(1, 2)).transpose(1, 2).reshape(batch, length, heads * width).MoveToOuterDisposeScope();
    }
}
