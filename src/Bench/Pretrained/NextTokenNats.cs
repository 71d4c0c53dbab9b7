using static TorchSharp.torch;

namespace Bench.Pretrained;

/// <summary>−ln p(x_i | x_0 ... x_{i−1}) under a causal network.</summary>
public static class NextTokenNats
{
    private const int RowsAtOnce = 128; // of logits: V is in the ten thousands

    /// <summary>Predicts the tokens of a sequence from those before them.</summary>
    /// <param name="network">The network.</param>
    /// <param name="tokens">[B, L] int64, L at most the network's context + 1: the last token is only predicted.</param>
    /// <param name="from">The first token that is predicted, 1 or later; those before it are only read.</param>
    /// <returns>[B, L − from] nats.</returns>
    public static Tensor Of(ICausalNetwork network, Tensor tokens, int from = 1)
    {
        using var recorded = no_grad();
        using var scope = NewDisposeScope();
        long length = tokens.size(1), predicted = length - from;
        var hidden = network.Hidden(tokens.narrow(1, 0, length - 1)).narrow(1, from - 1, predicted).flatten(0, 1); // [B·P, D]
        var targets = tokens.narrow(1, from, predicted).reshape(-1, 1);                                             // [B·P, 1]
        var parts = new List<Tensor>();
        for (long row = 0; row < hidden.size(0); row += RowsAtOnce)
            parts.Add(Part(row, Math.Min(RowsAtOnce, hidden.size(0) - row)));
        return cat(parts).view(tokens.size(0), predicted).MoveToOuterDisposeScope();

        Tensor Part(long first, long count)
        {
            using var inner = NewDisposeScope();
            var logits = hidden.narrow(0, first, count).matmul(network.Output.transpose(0, 1)); // [count, V]
            var chosen = logits.gather(1, targets.narrow(0, first, count)).squeeze(1);
            return (logits.logsumexp(1) - chosen).MoveToOuterDisposeScope();
        }
    }
}
