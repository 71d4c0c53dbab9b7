using Bench.Numerics;

namespace Bench.Noise.Schedules;

/// <summary>σ(t) = σ_min + t (σ_max − σ_min) (MDLM, arXiv 2406.07524, appendix).</summary>
/// <param name="Least">σ_min ≥ 0.</param>
/// <param name="Most">σ_max ≥ σ_min.</param>
public sealed record Linear(double Least, double Most) : INoiseSchedule
{
    /// <inheritdoc cref="Linear" path="/param[@name='Least']"/>
    public double Least { get; } = Require.NonNegative(Least);

    /// <inheritdoc cref="Linear" path="/param[@name='Most']"/>
    public double Most { get; } = Require.AtLeast(Most, Least);

    /// <inheritdoc/>
    public string Name => $"linear {Least} to {Most}";

    /// <inheritdoc/>
    public double Sigma(double t) => Least + (t * (Most - Least));

    /// <inheritdoc/>
    public double Rate(double t) => Most - Least;
}
