using Bench.Numerics;

namespace Bench.Noise.Schedules;

/// <summary>A masked share t^p (BD3-LM, arXiv 2503.09573: p = 2 the square schedule, p = 1/2 the square root).</summary>
/// <param name="Power">p &gt; 0; 1 is <see cref="LogLinear"/> without ε.</param>
public sealed record Polynomial(double Power) : INoiseSchedule
{
    /// <inheritdoc cref="Polynomial" path="/param"/>
    public double Power { get; } = Require.Positive(Power);

    /// <inheritdoc/>
    public string Name => $"polynomial {Power}";

    /// <inheritdoc/>
    public double Sigma(double t) => -Math.Log(1 - Jumped(t));

    /// <inheritdoc/>
    public double Rate(double t) => Power * Math.Pow(t, Power - 1) / (1 - Jumped(t));

    /// <inheritdoc/>
    public double Jumped(double t) => Math.Pow(t, Power);

    /// <summary>p/t.</summary>
    public double MaskedWeight(double t) => Power / t;
}
