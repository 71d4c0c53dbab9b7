using Bench.Numerics;

namespace Bench.Noise;

/// <summary>
/// Masks and uniform tokens in a mix that moves with time t = 1 − e^{−σ}: with c = B (t (1 − t))^{γ/2} and B = 2^γ p_u/(1 − p_u),
/// q(x_t | x_0) = ((1 − t) x_0 + c·uniform + t·[MASK])/(1 + c) (GIDD, arXiv 2503.04482).
/// </summary>
/// <param name="UniformShare">p_u, below 1: the share of uniform tokens at t = 1/2, where it peaks. 0 is <see cref="Absorbing"/>.</param>
/// <param name="Gamma">
/// γ in (0, 2]: how steeply uniform tokens come and go. Beyond 2 they would have to go faster than any chain can take them away.
/// </param>
public sealed record Gidd(double UniformShare, double Gamma = 1) : INoiseProcess
{
    /// <summary>B.</summary>
    internal double Peak { get; } = Math.Pow(2, Gamma) * UniformShare / (1 - UniformShare);

    /// <inheritdoc cref="Gidd" path="/param[@name='UniformShare']"/>
    public double UniformShare { get; } = Require.PartOfUnity(UniformShare);

    /// <inheritdoc cref="Gidd" path="/param[@name='Gamma']"/>
    public double Gamma { get; } = Require.Within(Require.Positive(Gamma), 0, 2);

    /// <inheritdoc/>
    public string Name => $"gidd {UniformShare}" + (Gamma == 1 ? "" : $", gamma {Gamma}");

    /// <inheritdoc/>
    public Chain Chain => Chain.CommonDirection;

    /// <inheritdoc/>
    public Marginal At(double sigma)
    {
        double c = Uniformity(sigma);
        return new(Math.Exp(-sigma) / (1 + c), c / (1 + c), Exponential.Jumped(sigma) / (1 + c));
    }

    /// <summary>
    /// α (d/dσ) of the shares relative to α: into [MASK] 1/(1 + c), into tokens c (γ/2 + (1 − γ) t)/(t (1 + c)), which is ∞ at σ = 0 where
    /// γ &lt; 2.
    /// </summary>
    public JumpRates RatesAt(double sigma)
    {
        double t = Exponential.Jumped(sigma), c = Uniformity(sigma);
        double uniform = UniformityPerTime(sigma) * ((Gamma / 2) + ((1 - Gamma) * t)) / (1 + c);
        return new(uniform, 1 / (1 + c), Unmask: uniform);
    }

    /// <summary>
    /// The bound's weight of a position per unit of σ: the rate into its token over the token's probability, r(z)/q_t(z | x).
    /// </summary>
    /// <param name="sigma">Total noise σ &gt; 0.</param>
    /// <param name="masked">Whether z is [MASK].</param>
    /// <param name="unchanged">Whether z = x.</param>
    /// <param name="tokenCount">N.</param>
    public double ElboWeight(double sigma, bool masked, bool unchanged, int tokenCount)
    {
        var (now, rates) = (At(sigma), RatesAt(sigma));
        return masked ? rates.Mask / now.Mask : rates.Uniform / (now.Uniform + (unchanged ? tokenCount * now.Keep : 0));
    }

    /// <summary>c; the power of 1 − t = e^{−σ} is taken before it underflows.</summary>
    internal double Uniformity(double sigma) => Peak * Math.Pow(Exponential.Jumped(sigma), Gamma / 2) * Math.Exp(-Gamma / 2 * sigma);

    /// <summary>c/t, from the power of t that it has: at t = 0 both are 0.</summary>
    internal double UniformityPerTime(double sigma) =>
        Peak == 0 ? 0 : Peak * Math.Pow(Exponential.Jumped(sigma), (Gamma / 2) - 1) * Math.Exp(-Gamma / 2 * sigma);
}
