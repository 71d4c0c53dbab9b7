namespace Bench.Noise.Schedules;

/// <summary>
/// A masked share t = a²/(a² + (1 − a)²), which lingers at both ends: there GIDD's bound (arXiv 2503.04482) has integrable singularities
/// t^{−1/2} and (1 − t)^{−1/2}, and none in a.
/// </summary>
public sealed record DenseEnds : INoiseSchedule
{
    /// <inheritdoc/>
    public string Name => "dense-ends";

    /// <inheritdoc/>
    public double Sigma(double t) => Math.Log(Sum(t)) - (2 * Math.Log(1 - t));

    /// <inheritdoc/>
    public double Rate(double t) => 2 * t / (Sum(t) * (1 - t));

    /// <inheritdoc/>
    public double Jumped(double t) => t * t / Sum(t);

    /// <summary>2/(t (1 − t)) times the clean share.</summary>
    public double MaskedWeight(double t) => 2 * (1 - t) / (t * Sum(t));

    private static double Sum(double t) => (t * t) + ((1 - t) * (1 - t));
}
