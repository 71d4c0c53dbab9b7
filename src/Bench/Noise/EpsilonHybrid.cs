using Bench.Numerics;

namespace Bench.Noise;

/// <summary>
/// Interpolates the evolution operators: with 1 − e^{−σ} masked, a share ε of the tokens is drawn uniformly at every σ, 0 included (HDLM,
/// arXiv 2504.06416).
/// </summary>
/// <remarks>
/// The chain with these marginals corrupts tokens once, at the clean end, and then absorbs: for σ &gt; 0 nothing but masking happens, and
/// its reversal replaces no token before the last move. That move, from σ = 0 to the clean token, is part of the bound: see
/// <see cref="INoiseProcess.IsCleanAtZero"/>.
/// </remarks>
/// <param name="Epsilon">ε, below 1: 0 is <see cref="Absorbing"/>.</param>
public sealed record EpsilonHybrid(double Epsilon) : INoiseProcess
{
    /// <inheritdoc cref="EpsilonHybrid" path="/param"/>
    public double Epsilon { get; } = Require.PartOfUnity(Epsilon);

    /// <inheritdoc/>
    public string Name => $"epsilon-hybrid {Epsilon}";

    /// <inheritdoc/>
    public Chain Chain => Chain.MaskAbsorbs;

    /// <inheritdoc/>
    public Marginal At(double sigma) => new(Math.Exp(-sigma) * (1 - Epsilon), Math.Exp(-sigma) * Epsilon, Exponential.Jumped(sigma));

    /// <summary>The marginal at the noise at which a share of the tokens is masked.</summary>
    public Marginal WhereMasked(double share) => new((1 - share) * (1 - Epsilon), (1 - share) * Epsilon, share);

    /// <inheritdoc/>
    public JumpRates RatesAt(double sigma) => new(0, 1);
}
