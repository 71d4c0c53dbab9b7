using Bench.Numerics;

namespace Bench.Noise;

/// <summary>Interpolates the rate matrices, Q_γ = (1 − γ) Q_absorb + γ Q_uniform (HDLM, arXiv 2504.06416).</summary>
/// <param name="Gamma">γ: 0 is <see cref="Absorbing"/>, 1 is <see cref="Noise.Uniform"/>.</param>
public sealed record GammaHybrid(double Gamma) : INoiseProcess
{
    /// <inheritdoc cref="GammaHybrid" path="/param"/>
    public double Gamma { get; } = Require.UnitInterval(Gamma);

    /// <inheritdoc/>
    public string Name => $"gamma-hybrid {Gamma}";

    /// <inheritdoc/>
    public Chain Chain => Chain.MaskAbsorbs;

    /// <inheritdoc/>
    public Marginal At(double sigma)
    {
        Require.Within(sigma, 0, double.PositiveInfinity);
        // Q_absorb and Q_uniform commute, so e^{σQ_γ} factors and no V×V matrix is ever formed.
        double masking = Times(1 - Gamma, sigma), drawing = Times(Gamma, sigma);
        return new(Math.Exp(-sigma), Math.Exp(-masking) * Exponential.Jumped(drawing), Exponential.Jumped(masking));
    }

    /// <inheritdoc/>
    public JumpRates RatesAt(double sigma) => new(Gamma, 1 - Gamma);

    // Nothing of σ = ∞ is nothing.
    private static double Times(double share, double sigma) => share == 0 ? 0 : share * sigma;
}
