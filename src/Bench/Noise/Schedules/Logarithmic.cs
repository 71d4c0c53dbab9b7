namespace Bench.Noise.Schedules;

/// <summary>A masked share ln(1 + t)/ln 2 (BD3-LM, arXiv 2503.09573).</summary>
public sealed record Logarithmic : INoiseSchedule
{
    private static readonly double Two = Math.Log(2);

    /// <inheritdoc/>
    public string Name => "logarithmic";

    /// <inheritdoc/>
    public double Sigma(double t) => -Math.Log(Survival(t));

    /// <inheritdoc/>
    public double Rate(double t) => 1 / ((1 + t) * Two * Survival(t));

    /// <inheritdoc/>
    public double Jumped(double t) => Logarithm(t) / Two;

    /// <summary>1/((1 + t) ln(1 + t)).</summary>
    public double MaskedWeight(double t) => 1 / ((1 + t) * Logarithm(t));

    private static double Survival(double t) => Math.Log(2 / (1 + t)) / Two;

    // ln(1 + t) without the cancellation of 1 + t for small t.
    private static double Logarithm(double t) => 2 * Math.Atanh(t / (2 + t));
}
