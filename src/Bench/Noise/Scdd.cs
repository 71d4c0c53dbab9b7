using Bench.Numerics;

namespace Bench.Noise;

/// <summary>
/// The marginals of <see cref="Gidd"/> on the chain whose mask absorbs: a token is redrawn or masked, and a mask is never left on the way
/// to noise, so that no step of generation masks a token again (SCDD, arXiv 2603.02230).
/// </summary>
/// <param name="UniformShare">p_u, below 1: the share of uniform tokens at t = 1/2, where it peaks. 0 is <see cref="Absorbing"/>.</param>
/// <param name="Gamma">γ in (0, 2]: how steeply uniform tokens come and go.</param>
public sealed record Scdd(double UniformShare, double Gamma = 1) : INoiseProcess
{
    private readonly Gidd marginals = new(UniformShare, Gamma);

    /// <inheritdoc cref="Scdd" path="/param[@name='UniformShare']"/>
    public double UniformShare => marginals.UniformShare;

    /// <inheritdoc cref="Scdd" path="/param[@name='Gamma']"/>
    public double Gamma => marginals.Gamma;

    /// <inheritdoc/>
    public string Name => $"scdd {UniformShare}" + (Gamma == 1 ? "" : $", gamma {Gamma}");

    /// <inheritdoc/>
    public Chain Chain => Chain.MaskAbsorbs;

    /// <inheritdoc/>
    public Marginal At(double sigma) => marginals.At(sigma);

    /// <summary>
    /// With u = 1 − Mask, −(d/dσ) ln(Keep/u) into tokens and −(d/dσ) ln u into [MASK]: c (γ/2 + (1 − γ) t)/(t (1 − t + c)), which is ∞ at
    /// σ = 0 where γ &lt; 2, and (1 − t)/(1 − t + c) − (γ/2) (1 − 2t) c/((1 + c)(1 − t + c)).
    /// </summary>
    public JumpRates RatesAt(double sigma)
    {
        double t = Exponential.Jumped(sigma), clean = Math.Exp(-sigma), c = marginals.Uniformity(sigma);
        // c/(1 − t), whose powers of 1 − t = e^{−σ} are taken together: both underflow long before their ratio means nothing.
        double odds = marginals.Peak == 0 ? 0
            : marginals.Peak * Math.Pow(t, Gamma / 2) * Math.Exp(Gamma == 2 ? 0 : sigma * (1 - (Gamma / 2)));
        double kept = 1 / (1 + odds), drawn = double.IsInfinity(odds) ? 1 : odds * kept;
        double perTime = t < 0.5 ? marginals.UniformityPerTime(sigma) / (clean + c) : drawn / t;
        return new(
            Math.Max(0, perTime * ((Gamma / 2) + ((1 - Gamma) * t))),
            kept - (Gamma / 2 * drawn * ((2 * clean) - 1) / (1 + c)));
    }
}
