using Bench.Numerics;
using static MathNet.Numerics.SpecialFunctions;

namespace Bench.Noise.Schedules;

/// <summary>
/// The uniform noise that the argmax of a Gaussian latent α̃ x_0 + σ̃ n undergoes, ln(σ̃²/α̃²) = γ growing linearly in t (Duo, arXiv
/// 2506.10892).
/// </summary>
/// <remarks>
/// e^{−σ} = (N P − 1)/(N − 1) where P = ∫ φ(a − μ) Φ(a)^{N−1} da, μ = e^{−γ/2}, is the probability that the argmax is x_0's entry. It goes
/// with <see cref="Uniform"/>.
/// </remarks>
/// <param name="TokenCount">N.</param>
/// <param name="Least">γ at t = 0; Duo: −3.5 for N = 30522.</param>
/// <param name="Most">γ at t = 1; Duo: −1.75 for N = 30522.</param>
public sealed record GaussianArgmax(int TokenCount, double Least, double Most) : INoiseSchedule
{
    // The trapezoidal rule errs by e^{−(2π/h)²/2} on a normal density, and φ(±Reach) is below what float64 holds beside 1.
    private const double Spacing = 1.0 / 32;
    private const double Reach = 9;

    /// <inheritdoc cref="GaussianArgmax" path="/param[@name='TokenCount']"/>
    public int TokenCount { get; } = Require.AtLeast(TokenCount, 2);

    /// <inheritdoc cref="GaussianArgmax" path="/param[@name='Least']"/>
    public double Least { get; } = Require.Finite(Least);

    /// <inheritdoc cref="GaussianArgmax" path="/param[@name='Most']"/>
    public double Most { get; } = Require.AtLeast(Most, Least);

    /// <inheritdoc/>
    public string Name => "gaussian-argmax";

    /// <inheritdoc/>
    public double Sigma(double t) => -Math.Log(((TokenCount * Mean(Signal(t), z => 1)) - 1) / (TokenCount - 1));

    /// <summary>σ'(t): dP/dμ is taken under the integral, and dμ/dγ = −μ/2.</summary>
    public double Rate(double t)
    {
        double mu = Signal(t);
        return (Most - Least) * mu / 2 * TokenCount * Mean(mu, z => z) / ((TokenCount * Mean(mu, z => 1)) - 1);
    }

    private double Signal(double t) => Math.Exp(-(Least + (t * (Most - Least))) / 2);

    // E f(z) Φ(μ + z)^{N−1} for normal z.
    private double Mean(double mu, Func<double, double> f)
    {
        double sum = 0;
        for (double z = -Reach; z <= Reach; z += Spacing)
            sum += f(z) * Math.Exp((-z * z / 2) + ((TokenCount - 1) * Math.Log(1 - (Erfc((mu + z) / Math.Sqrt(2)) / 2))));
        return sum * Spacing / Math.Sqrt(2 * Math.PI);
    }
}
