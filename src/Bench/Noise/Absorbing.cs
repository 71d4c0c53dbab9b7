using Bench.Numerics;

namespace Bench.Noise;

/// <summary>
/// A token is kept or becomes [MASK]: D3PM-absorb (arXiv 2107.03006), SEDD absorb (arXiv 2310.16834), MDLM (arXiv 2406.07524).
/// </summary>
public sealed record Absorbing : INoiseProcess
{
    /// <inheritdoc/>
    public string Name => "absorbing";

    /// <inheritdoc/>
    public Chain Chain => Chain.MaskAbsorbs;

    /// <inheritdoc/>
    public Marginal At(double sigma) => new(Math.Exp(-sigma), 0, Exponential.Jumped(sigma));

    /// <summary>The marginal at the noise at which a share of the tokens is masked.</summary>
    public static Marginal WhereMasked(double share) => new(1 - share, 0, share);

    /// <inheritdoc/>
    public JumpRates RatesAt(double sigma) => new(0, 1);
}
