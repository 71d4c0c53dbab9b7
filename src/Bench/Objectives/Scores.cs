using static TorchSharp.torch;

namespace Bench.Objectives;

/// <summary>Ratios q(y)/q(x_t) of marginals, as logarithms, and how they follow from predictions of the clean token (SEDD, arXiv 2310.16834).</summary>
public static class Scores
{
    /// <summary>SEDD's scaling of a network's output for absorbing noise: ln s = logits − ln(e^σ − 1) − ln(V − 1), and 0 at the current token.</summary>
    /// <param name="logits">[B, L, V]</param>
    /// <param name="xt">[B, L] current tokens.</param>
    /// <param name="sigma">[B] total noise.</param>
    public static Tensor ScaledBySigma(Tensor logits, Tensor xt, Tensor sigma)
    {
        using var scope = NewDisposeScope();
        long states = logits.size(-1);
        var scaled = logits - sigma.to(logits.dtype).expm1().log().view(-1, 1, 1) - Math.Log(states - 1);
        return scaled.masked_fill(Current(xt, states), 0).MoveToOuterDisposeScope();
    }

    /// <summary>Scores of a SUBS prediction p: p/(e^σ − 1) for words at a masked position; at a visible one, e^σ − 1 for the mask.</summary>
    /// <param name="logProbabilities">[B, L, V] as from <see cref="Models.Substitution.LogProbabilities"/>.</param>
    /// <param name="xt">[B, L] current tokens.</param>
    /// <param name="sigma">[B] total noise.</param>
    /// <param name="maskId">The mask's number.</param>
    /// <returns>[B, L, V], not logarithms: impossible words have score 0.</returns>
    public static Tensor FromSubstitution(Tensor logProbabilities, Tensor xt, Tensor sigma, long maskId)
    {
        using var scope = NewDisposeScope();
        long states = logProbabilities.size(-1);
        var odds = sigma.to(logProbabilities.dtype).expm1().view(-1, 1, 1);                            // [B, 1, 1] e^σ − 1
        var isMask = arange(states, int64, xt.device).eq(maskId);                                      // [V]
        var masked = xt.eq(maskId).unsqueeze(-1);                                                      // [B, L, 1]
        var fromMask = (logProbabilities.exp() / odds).masked_fill(isMask, 1);                         // staying masked: ratio 1
        var fromWord = where(isMask, odds, Current(xt, states).to(logProbabilities.dtype));
        return where(masked, fromMask, fromWord).MoveToOuterDisposeScope();
    }

    private static Tensor Current(Tensor xt, long states) => xt.unsqueeze(-1).eq(arange(states, int64, xt.device)); // [B, L, V]
}
