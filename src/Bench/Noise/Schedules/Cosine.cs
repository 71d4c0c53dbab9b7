using Bench.Numerics;

namespace Bench.Noise.Schedules;

/// <summary>
/// e^{−σ} = ε + (1 − ε − μ) cosᵖ(πt/2), p = 1 or 2 (MDLM, arXiv 2406.07524, appendix, with μ = 0; BD3-LM, arXiv 2503.09573, with p = 1 and
/// ε = 0).
/// </summary>
/// <param name="Power">1 for the cosine schedule, 2 for its square.</param>
/// <param name="Epsilon">The share that stays clean at t = 1.</param>
/// <param name="Masked">μ, the share that is noise at t = 0 already.</param>
public sealed record Cosine(int Power, double Epsilon = 1e-3, double Masked = 0) : INoiseSchedule
{
    /// <inheritdoc cref="Cosine" path="/param[@name='Power']"/>
    public int Power { get; } = Require.Within(Power, 1, 2);

    /// <inheritdoc cref="Cosine" path="/param[@name='Epsilon']"/>
    public double Epsilon { get; } = Require.UnitInterval(Epsilon);

    /// <inheritdoc cref="Cosine" path="/param[@name='Masked']"/>
    public double Masked { get; } = Require.Within(Masked, 0, 1 - Epsilon);

    /// <inheritdoc/>
    public string Name => (Power == 1 ? "cosine" : "cosine-squared") + (Epsilon == 0 ? "" : $" {Epsilon}");

    /// <inheritdoc/>
    public double Sigma(double t) => -Math.Log(Survival(Require.UnitInterval(t)));

    /// <inheritdoc/>
    public double Rate(double t) => Fall(t) / Survival(t);

    /// <inheritdoc/>
    public double Jumped(double t) => t > 0.5 ? 1 - Survival(t) : Masked + ((1 - Epsilon - Masked) * Lost(t));

    /// <inheritdoc/>
    public double MaskedWeight(double t) => Fall(t) / Jumped(t); // finite where σ is not

    // 1 − cosᵖ(πt/2) without cancellation where it is small; at t = 1 it is not 1 to the last bit.
    private double Lost(double t) => Power == 1 ? 2 * Square(Math.Sin(Math.PI * t / 4)) : Square(Math.Sin(Math.PI * t / 2));

    private static double Square(double x) => x * x;

    // The sine of the time that is left is the cosine, and is 0 at t = 1 to the last bit.
    private static double Cos(double t) => Math.Sin(Math.PI * (1 - t) / 2);

    private double Survival(double t) => Epsilon + ((1 - Epsilon - Masked) * Math.Pow(Cos(t), Power));

    private double Fall(double t) => (1 - Epsilon - Masked) * Power * Math.Pow(Cos(t), Power - 1) * Math.Sin(Math.PI * t / 2) * Math.PI / 2;
}
