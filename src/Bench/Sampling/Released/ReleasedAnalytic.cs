using Bench.Noise;
using Bench.Noise.Released;

namespace Bench.Sampling.Released;

/// <summary>The analytic step of HDLM's γ-hybrids (arXiv 2504.06416): <see cref="Tweedie"/> with scores one step earlier that are right to first order in Δ only, for 0 &lt; γ &lt; 1.</summary>
/// <remarks>A step along a hyperschedule of few levels is long: the first of K = 3 has Δ = 4.4.</remarks>
/// <param name="Gamma">γ, the uniform share of the rates.</param>
public sealed record ReleasedAnalytic(double Gamma)
{
    private readonly GammaHybrid process = new(Gamma);

    /// <summary>Weights of a token's next state; they may be negative.</summary>
    /// <param name="logScores">N + 1 of them, the mask's last; that of the current token does not count.</param>
    /// <param name="xt">The current token.</param>
    /// <param name="delta">Δ = σ_t − σ_s.</param>
    /// <param name="finishing">Whether no mask may be left.</param>
    public double[] Weigh(double[] logScores, long xt, double delta, bool finishing)
    {
        int words = logScores.Length - 1;
        double[] scores = [.. logScores.Select((score, y) => y == xt ? 1 : Math.Exp(score))];
        double total = scores.Take(words).Sum();
        var (earlier, step) = (ReleasedStaggered.Of(Gamma, delta, words), process.At(delta));
        double[] weights = [.. scores.Select((score, y) =>
            (y < words ? (earlier.Own * score) + (earlier.Words * total) : score + (earlier.Mask * total)) * step.Probability((int)xt, y, words))];
        if (finishing)
            weights[words] = 0;
        return weights;
    }
}
