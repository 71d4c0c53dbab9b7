using Bench.Numerics;

namespace Bench.Noise.Schedules;

/// <summary>
/// A masked share that grows linearly, 1 − e^{−σ} = (1 − ε) t (SEDD, arXiv 2310.16834). With ε = 0 everything is noise at t = 1.
/// </summary>
/// <param name="Epsilon">The share that stays clean at t = 1. The published codes use 1e-3.</param>
public sealed record LogLinear(double Epsilon) : INoiseSchedule
{
    /// <inheritdoc cref="LogLinear" path="/param"/>
    public double Epsilon { get; } = Require.UnitInterval(Epsilon);

    /// <inheritdoc/>
    public string Name => Epsilon == 0 ? "log-linear" : $"log-linear {Epsilon}";

    /// <inheritdoc/>
    public double Sigma(double t) => -Math.Log(1 - ((1 - Epsilon) * t));

    /// <inheritdoc/>
    public double Rate(double t) => (1 - Epsilon) / (1 - ((1 - Epsilon) * t));

    /// <inheritdoc/>
    public double Jumped(double t) => (1 - Epsilon) * t;

    /// <summary>Exactly 1/t, for every ε.</summary>
    public double MaskedWeight(double t) => 1 / t;
}
