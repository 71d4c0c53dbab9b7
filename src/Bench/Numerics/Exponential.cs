namespace Bench.Numerics;

/// <summary>The exponential distribution of jump times, without cancellation.</summary>
public static class Exponential
{
    /// <summary>1 − e^{−σ}: the probability of at least one jump by total noise σ ≥ 0.</summary>
    public static double Jumped(double sigma)
    {
        // Not −double.ExpM1(−σ): .NET computes Exp(x) − 1, which is 0 once σ < 5e-17, and the ELBO weight
        // 1/(1 − α_t) turns into ∞. The half-angle form has no cancellation.
        double h = Math.Tanh(sigma / 2);
        return 2 * h / (1 + h);
    }
}
