using Bench.Numerics;

namespace Bench.Noise;

/// <summary>
/// A token is kept or becomes a uniformly drawn one: SEDD uniform (arXiv 2310.16834), UDLM (arXiv 2412.10193), Duo (arXiv 2506.10892).
/// </summary>
public sealed record Uniform : INoiseProcess
{
    /// <inheritdoc/>
    public string Name => "uniform";

    /// <summary>Nothing is ever masked, so either chain would do.</summary>
    public Chain Chain => Chain.MaskAbsorbs;

    /// <inheritdoc/>
    public Marginal At(double sigma) => new(Math.Exp(-sigma), Exponential.Jumped(sigma), 0);

    /// <inheritdoc/>
    public JumpRates RatesAt(double sigma) => new(1, 0);
}
