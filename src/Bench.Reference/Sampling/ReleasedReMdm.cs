using Bench.Noise;
using Bench.Numerics;
using Bench.Sampling.Samplers;

namespace Bench.Reference.Sampling;

/// <summary>
/// ReMDM's ways to choose how often tokens are masked again (arXiv 2503.00307), as its public code has them, with α the share that is
/// visible. The capped and the rescaled one are right: <see cref="ReMdm"/>, <see cref="ReMdmRescale"/>.
/// </summary>
public static class ReleasedReMdm
{
    /// <summary>
    /// σ = (α_s − α_t)/α_t: a step back as long as the step ahead. Late steps reveal with more than certainty, which leaves the mask a
    /// negative weight.
    /// </summary>
    public static ReleasedMoveProbabilities ForwardBackward(double alphaS, double alphaT) =>
        ReleasedMoveProbabilities.Of((alphaS - alphaT) / alphaT, alphaS, alphaT);

    /// <summary>
    /// The largest σ shared among visible tokens by softmax(−c), c being the probability with which each was drawn. Masks are revealed as
    /// if none came back, so that more of them are left than the schedule says.
    /// </summary>
    /// <param name="certainty">c of each token of a sequence; infinite for a mask.</param>
    /// <param name="alphaS">α after the step.</param>
    /// <param name="alphaT">α before it.</param>
    public static ReleasedMoveProbabilities[] Uncertain(IReadOnlyList<double> certainty, double alphaS, double alphaT)
    {
        double total = certainty.Sum(c => Math.Exp(-c)),
            most = Remasking.Most(Absorbing.WhereMasked(1 - alphaS), Absorbing.WhereMasked(1 - alphaT)),
            revealed = ReleasedMoveProbabilities.Of(0, alphaS, alphaT).Revealed;
        return [.. certainty.Select(
            c => new ReleasedMoveProbabilities(double.IsPositiveInfinity(c) ? 0 : most * Math.Exp(-c) / total, revealed))];
    }

    /// <summary>
    /// Three phases: no token is masked again until a share α_on is visible, which then stays while tokens are remasked with σ = η, and at
    /// last none is masked again.
    /// </summary>
    /// <remarks>A step that crosses into the next phase goes on along its own, beyond α_on.</remarks>
    /// <param name="eta">η.</param>
    /// <param name="on">The time at which the second phase begins.</param>
    /// <param name="off">The time at which it ends.</param>
    /// <param name="alphaOn">α_on.</param>
    /// <param name="s">The time after the step.</param>
    /// <param name="t">The time before it.</param>
    public static ReleasedMoveProbabilities Looped(double eta, double on, double off, double alphaOn, double s, double t)
    {
        if (t <= on && t > off)
            return ReleasedMoveProbabilities.Of(eta, alphaOn, alphaOn);
        double Alpha(double time) => t > on ? alphaOn * (1 - time) / (1 - on) : 1 - ((1 - alphaOn) * time / off);
        return ReleasedMoveProbabilities.Of(0, Alpha(s), Alpha(t));
    }
}

/// <summary>A step of absorbing noise that also masks tokens again (ReMDM, arXiv 2503.00307).</summary>
/// <param name="Remasked">σ: the probability that a token is masked again.</param>
/// <param name="Revealed">The probability that a mask becomes a token.</param>
public readonly record struct ReleasedMoveProbabilities(double Remasked, double Revealed)
{
    /// <summary>
    /// Those that keep the share of masks to its schedule: a mask is revealed with (α_s − (1 − σ) α_t)/(1 − α_t). With more than
    /// <see cref="Remasking.Most"/> it is no probability.
    /// </summary>
    public static ReleasedMoveProbabilities Of(double sigma, double alphaS, double alphaT) =>
        new(sigma, (alphaS - ((1 - sigma) * alphaT)) / (1 - alphaT));

    /// <summary>The distribution of a token's next state.</summary>
    /// <param name="prediction">π over N tokens, and anything for the mask.</param>
    /// <param name="xt">The current token.</param>
    /// <returns>N + 1 weights, which sum to one.</returns>
    public double[] Weigh(ReadOnlySpan<double> prediction, long xt)
    {
        var distribution = new double[prediction.Length];
        bool masked = xt == distribution.Length - 1;
        for (int y = 0; y < distribution.Length - 1; y++)
            distribution[y] = masked ? Revealed * prediction[y] : y == xt ? 1 - Remasked : 0;
        distribution[^1] = masked ? 1 - Revealed : Remasked;
        return distribution;
    }
}

/// <summary>
/// Discrete flow matching with corrector steps (arXiv 2407.15595) for α = 1 − t, as ReMDM's public code has it: β + 1 steps ahead for β
/// back, β = 10 (t (1 − t))^{1/4}.
/// </summary>
/// <param name="Steps">1/Steps is the longest step; shorter ones are taken where the rates ask for it, so that there are more of them than
/// that.</param>
public sealed record FlowCorrector(int Steps)
{
    private const double Strength = 10, Power = 0.25;

    /// <inheritdoc cref="FlowCorrector" path="/param"/>
    public int Steps { get; } = Require.Positive(Steps);

    /// <summary>The step from a time in (0, 1].</summary>
    /// <returns>Its probabilities, and the time after it.</returns>
    public (ReleasedMoveProbabilities Probabilities, double Next) From(double t)
    {
        Require.Positive(Require.UnitInterval(t));
        double back = Strength * Math.Pow(t * (1 - t), Power), reveals = (1 + back) / t;
        // At t = 1 no token is visible that could be masked again; the rate itself is infinite there, and would leave no length to any
        // step.
        double remasks = t == 1 ? 0 : back / (1 - t);
        double length = Math.Min(1.0 / Steps, 1 / (reveals + remasks));
        return (new(length * remasks, length * reveals), t - length);
    }
}
