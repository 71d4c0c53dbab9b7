using Bench.Numerics;

namespace Bench.Noise.Schedules;

/// <summary>σ(t) = σ_min^{1−t} σ_max^t (SEDD, arXiv 2310.16834).</summary>
/// <param name="Least">σ_min &gt; 0.</param>
/// <param name="Most">σ_max ≥ σ_min.</param>
public sealed record Geometric(double Least, double Most) : INoiseSchedule
{
    /// <inheritdoc cref="Geometric" path="/param[@name='Least']"/>
    public double Least { get; } = Require.Positive(Least);

    /// <inheritdoc cref="Geometric" path="/param[@name='Most']"/>
    public double Most { get; } = Require.AtLeast(Most, Least);

    /// <inheritdoc/>
    public string Name => $"geometric {Least} to {Most}";

    /// <inheritdoc/>
    public double Sigma(double t) => Math.Pow(Least, 1 - t) * Math.Pow(Most, t);

    /// <inheritdoc/>
    public double Rate(double t) => Sigma(t) * Math.Log(Most / Least);
}
