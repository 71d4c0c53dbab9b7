using Bench.Backbone;
using Bench.Kernels;
using static TorchSharp.torch;

namespace Bench.Objectives;

/// <summary>−ln π of the clean token, position by position, each with a weight of its own.</summary>
public static class CrossEntropy
{
    /// <summary>
    /// The weighted cross-entropy of noisy examples; a position of weight 0 is not asked for. The mask is no clean token and gets no
    /// probability.
    /// </summary>
    /// <param name="network">The denoiser.</param>
    /// <param name="batch">B noisy examples of L tokens.</param>
    /// <param name="weights">B·L weights.</param>
    /// <param name="maskId">The mask's number.</param>
    /// <param name="device">Where the network is.</param>
    /// <param name="own">
    /// What is added to the logit of a visible position's own token, so that outputs leave it out; 0 where they are to include it.
    /// </param>
    /// <returns>[B, L] nats; zero where the weight is.</returns>
    public static Tensor Weighted(IDenoiser network, NoisyBatch batch, double[] weights, long maskId, Device device, double own = 0)
    {
        using var scope = NewDisposeScope();
        int[] wanted = [.. Enumerable.Range(0, weights.Length).Where(i => weights[i] != 0)];
        var nats = own == 0 ? batch.NegativeLogLikelihood(network, wanted, device) : Leaving(own);                            // [M]
        var weighted = nats * tensor(Array.ConvertAll(wanted, i => weights[i]), nats.dtype).On(device);
        return zeros([weights.Length], nats.dtype, device)
            .scatter(0, tensor(Array.ConvertAll(wanted, i => (long)i)).On(device), weighted)
            .view(batch.Clean.Rows, batch.Clean.Length).MoveToOuterDisposeScope();

        Tensor Leaving(double added)
        {
            var targets = tensor(Array.ConvertAll(wanted, i => batch.Clean.Tokens[i])).On(device);                 // [M]
            // One-hot of the visible tokens, of which the mask is none: its entry is −∞.
            var current = tensor(Array.ConvertAll(wanted, i => batch.Tokens[i])).On(device).unsqueeze(-1);         // [M, 1]
            return batch.PerPosition(network, wanted, device, (logits, first) =>                                   // [m, V]
            {
                long count = logits.size(0);
                var visible = zeros_like(logits).scatter(
                    -1, current.narrow(0, first, count), full([count, 1], added, logits.dtype, device));
                return Subs.NegativeLogLikelihood(logits + visible, targets.narrow(0, first, count), maskId);
            });
        }
    }
}
