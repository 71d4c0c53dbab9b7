using Bench.Numerics;

namespace Bench.Noise.Schedules;

/// <summary>
/// A masked share that is log-uniform in t, so that every masked token weighs the same (MDLM, arXiv 2406.07524: the low-variance change of
/// variables).
/// </summary>
/// <remarks>Shares below <paramref name="Least"/> are never seen: they are left out of the bound.</remarks>
/// <param name="Least">The masked share at t = 0, above 0.</param>
/// <param name="Most">The masked share at t = 1.</param>
public sealed record LogUniform(double Least, double Most) : INoiseSchedule
{
    /// <inheritdoc cref="LogUniform" path="/param[@name='Least']"/>
    public double Least { get; } = Require.OpenUnitInterval(Least);

    /// <inheritdoc cref="LogUniform" path="/param[@name='Most']"/>
    public double Most { get; } = Require.Within(Most, Least, 1);

    /// <inheritdoc/>
    public string Name => "log-uniform";

    /// <inheritdoc/>
    public double Sigma(double t) => -Math.Log(1 - Jumped(t));

    /// <inheritdoc/>
    public double Rate(double t) => MaskedWeight(t) * Jumped(t) / (1 - Jumped(t));

    /// <inheritdoc/>
    public double Jumped(double t) => Math.Exp(((1 - t) * Math.Log(Least)) + (t * Math.Log(Most)));

    /// <summary>ln(Most/Least), whatever t.</summary>
    public double MaskedWeight(double t) => Math.Log(Most / Least);
}
