using Bench.Kernels;
using static TorchSharp.torch;

namespace Bench.Backbone;

/// <summary>SUBS (MDLM, arXiv 2406.07524, section 3.2.3): a clean token is never [MASK], and a visible token is already clean.</summary>
public static class Subs
{
    /// <summary>Log-probabilities of the clean token at masked positions: normalised over tokens, −∞ for the mask.</summary>
    /// <param name="logits">[.., V]</param>
    /// <param name="maskId">The mask's number.</param>
    public static Tensor AtMasked(Tensor logits, long maskId)
    {
        using var scope = NewDisposeScope();
        var isMask = arange(logits.size(-1), int64, logits.device).eq(maskId);                            // [V]
        return logits.masked_fill(isMask, float.NegativeInfinity).log_softmax(-1).MoveToOuterDisposeScope();
    }

    /// <summary>−ln of the probability of given clean tokens at masked positions.</summary>
    /// <param name="logits">[.., V]</param>
    /// <param name="targets">[..]</param>
    /// <param name="maskId">The mask's number.</param>
    /// <returns>[..] nats.</returns>
    public static Tensor NegativeLogLikelihood(Tensor logits, Tensor targets, long maskId)
    {
        using var scope = NewDisposeScope();
        if (FusedKernels.Supports(OwnKernels.CrossEntropy, logits, logits.dtype))
            return FusedKernels.NegativeLogLikelihood(logits.contiguous(), bias: null, targets, maskId).MoveToOuterDisposeScope();
        return AtMasked(logits, maskId).gather(-1, targets.unsqueeze(-1)).squeeze(-1).neg().MoveToOuterDisposeScope();
    }

    /// <summary>Log-probabilities of the clean token at every position; a visible token keeps all mass (carry-over).</summary>
    /// <param name="logits">[B, L, V]</param>
    /// <param name="xt">[B, L] the noisy tokens.</param>
    /// <param name="maskId">The mask's number.</param>
    public static Tensor LogProbabilities(Tensor logits, Tensor xt, long maskId)
    {
        using var scope = NewDisposeScope();
        var token = arange(logits.size(-1), int64, logits.device);                                        // [V]
        var kept = full([1], float.NegativeInfinity, logits.dtype, logits.device).masked_fill(xt.unsqueeze(-1).eq(token), 0); // [B, L, V]
        return where(xt.eq(maskId).unsqueeze(-1), AtMasked(logits, maskId), kept).MoveToOuterDisposeScope();
    }
}
