using Bench.Numerics;

namespace Bench.Noise;

/// <summary>e^{−σ} = ε + (1 − ε) cosᵖ(πt/2), p = 1 or 2 (MDLM, arXiv 2406.07524, appendix).</summary>
/// <param name="Power">1 for the cosine schedule, 2 for its square.</param>
/// <param name="Epsilon">The share that stays clean at t = 1.</param>
public sealed record Cosine(int Power, double Epsilon = 1e-3) : INoiseSchedule
{
    /// <inheritdoc cref="Cosine" path="/param[@name='Power']"/>
    public int Power { get; } = Require.Within(Power, 1, 2);

    /// <inheritdoc cref="Cosine" path="/param[@name='Epsilon']"/>
    public double Epsilon { get; } = Require.UnitInterval(Epsilon);

    /// <inheritdoc/>
    public string Name => Power == 1 ? "cosine" : "cosine-squared";

    /// <inheritdoc/>
    public double Sigma(double t) => -Math.Log(Survival(t));

    /// <inheritdoc/>
    public double Rate(double t)
    {
        double angle = Math.PI * t / 2;
        double fall = Power * Math.Pow(Math.Cos(angle), Power - 1) * Math.Sin(angle) * Math.PI / 2;
        return (1 - Epsilon) * fall / Survival(t);
    }

    private double Survival(double t) => Epsilon + ((1 - Epsilon) * Math.Pow(Math.Cos(Math.PI * t / 2), Power));
}
