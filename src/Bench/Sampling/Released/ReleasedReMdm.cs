using Bench.Noise;
using Bench.Sampling.Samplers;

namespace Bench.Sampling.Released;

/// <summary>ReMDM's ways to choose how often words are masked again (arXiv 2503.00307), as its public code has them, with α the share that is visible. The capped and the rescaled one are right: <see cref="ReMdm"/>, <see cref="ReMdmRescale"/>.</summary>
public static class ReleasedReMdm
{
    /// <summary>σ = (α_s − α_t)/α_t: a step back as long as the step ahead. Late steps reveal with more than certainty, which leaves the mask a negative weight.</summary>
    public static ReleasedOdds ForwardBackward(double alphaS, double alphaT) => ReleasedOdds.Of((alphaS - alphaT) / alphaT, alphaS, alphaT);

    /// <summary>
    /// The largest σ shared among words by softmax(−c), c being the probability with which each was drawn. Masks are revealed as if none came back, so that more of
    /// them are left than the schedule says.
    /// </summary>
    /// <param name="certainty">c of each token of a sequence; infinite for a mask.</param>
    /// <param name="alphaS">α after the step.</param>
    /// <param name="alphaT">α before it.</param>
    public static ReleasedOdds[] Uncertain(IReadOnlyList<double> certainty, double alphaS, double alphaT)
    {
        double total = certainty.Sum(c => Math.Exp(-c)), most = Remasking.Most(Absorbed(alphaS), Absorbed(alphaT)), revealed = ReleasedOdds.Of(0, alphaS, alphaT).Revealed;
        return [.. certainty.Select(c => new ReleasedOdds(double.IsPositiveInfinity(c) ? 0 : most * Math.Exp(-c) / total, revealed))];
    }

    /// <summary>Three phases: no word is masked until a share α_on is visible, which then stays while words are exchanged with σ = η, and at last none is masked again.</summary>
    /// <remarks>A step that crosses into the next phase goes on along its own, beyond α_on.</remarks>
    /// <param name="eta">η.</param>
    /// <param name="on">The time at which the second phase begins.</param>
    /// <param name="off">The time at which it ends.</param>
    /// <param name="alphaOn">α_on.</param>
    /// <param name="s">The time after the step.</param>
    /// <param name="t">The time before it.</param>
    public static ReleasedOdds Looped(double eta, double on, double off, double alphaOn, double s, double t)
    {
        if (t <= on && t > off)
            return ReleasedOdds.Of(eta, alphaOn, alphaOn);
        double Alpha(double time) => t > on ? alphaOn * (1 - time) / (1 - on) : 1 - ((1 - alphaOn) * time / off);
        return ReleasedOdds.Of(0, Alpha(s), Alpha(t));
    }

    private static Marginal Absorbed(double alpha) => new(Keep: alpha, Uniform: 0, Mask: 1 - alpha);
}
