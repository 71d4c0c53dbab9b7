using static TorchSharp.torch;

namespace Bench.Pretrained;

/// <summary>A pretrained network that predicts every token from those before it.</summary>
public interface ICausalNetwork : IDisposable
{
    /// <summary>V: the tokens it knows.</summary>
    int TokenCount { get; }

    /// <summary>How many tokens it can read at once.</summary>
    int Context { get; }

    /// <summary>[V, D] what the last hidden state is multiplied by: logits = hidden · outputᵀ.</summary>
    Tensor Output { get; }

    /// <summary>The last hidden states, of which the i-th knows tokens 0 to i.</summary>
    /// <param name="tokens">[B, L] int64, L at most <see cref="Context"/>.</param>
    /// <returns>[B, L, D]</returns>
    Tensor Hidden(Tensor tokens);
}

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
