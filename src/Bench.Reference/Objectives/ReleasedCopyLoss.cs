using Bench.Numerics;
using static TorchSharp.torch;

namespace Bench.Reference.Objectives;

/// <summary>
/// The cross-entropy on settled tokens that HDLM's public code adds to its γ-hybrid objective, for comparison with what was trained with
/// it.
/// </summary>
/// <remarks>
/// In an aligned view its targets are the tokens that the network sees, so that it teaches to copy. Nothing else here uses it.
/// </remarks>
public static class ReleasedCopyLoss
{
    /// <summary>What each settled position counts: from 0 in the first block to 1 in the last; 1 where there is one block.</summary>
    /// <param name="settled">Settled positions.</param>
    /// <param name="width">Positions of a block; the last one may be shorter.</param>
    public static double[] Weights(int settled, int width)
    {
        int blocks = (settled + Require.Positive(width) - 1) / width;
        return [.. Enumerable.Range(0, settled).Select(i => blocks == 1 ? 1.0 : (double)(i / width) / (blocks - 1))];
    }

    /// <summary>The weighted mean over the first positions of each row.</summary>
    /// <param name="outputs">[B, L, V] the mask's entry included.</param>
    /// <param name="x0">[B, L] clean tokens.</param>
    /// <param name="weights">One number a settled position.</param>
    /// <returns>[B]</returns>
    public static Tensor Of(Tensor outputs, Tensor x0, double[] weights)
    {
        using var scope = NewDisposeScope();
        int settled = weights.Length;
        var distribution = outputs.narrow(1, 0, settled).log_softmax(-1);                                            // [B, S, V]
        var nats = distribution.gather(-1, x0.narrow(1, 0, settled).unsqueeze(-1)).squeeze(-1).neg();               // [B, S]
        return ((nats * tensor(weights, outputs.dtype, outputs.device)).sum(-1) / (settled + 1e-8)).MoveToOuterDisposeScope();
    }
}
