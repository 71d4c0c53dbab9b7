using Bench.Numerics;

namespace Bench.Noise;

/// <summary>
/// Every jump, from a token or from [MASK], leads to one distribution that never changes: a uniform token with probability κ, [MASK]
/// otherwise (XDLM; GIDD's family, arXiv 2503.04482).
/// </summary>
/// <param name="UniformShare">κ: 0 is <see cref="Absorbing"/>, 1 is <see cref="Uniform"/>.</param>
public sealed record ConstantMix(double UniformShare) : INoiseProcess
{
    /// <inheritdoc cref="ConstantMix" path="/param"/>
    public double UniformShare { get; } = Require.UnitInterval(UniformShare);

    /// <inheritdoc/>
    public string Name => $"constant-mix {UniformShare}";

    /// <inheritdoc/>
    public Chain Chain => Chain.CommonDirection;

    /// <inheritdoc/>
    public Marginal At(double sigma)
    {
        double jumped = Exponential.Jumped(sigma);
        return new(Math.Exp(-sigma), UniformShare * jumped, (1 - UniformShare) * jumped);
    }

    /// <inheritdoc/>
    public JumpRates RatesAt(double sigma) => new(UniformShare, 1 - UniformShare, UniformShare);
}
