using Bench.Numerics;

namespace Bench.Sampling.Released;

/// <summary>Discrete flow matching with corrector steps (arXiv 2407.15595) for α = 1 − t, as ReMDM's public code has it: β + 1 steps ahead for β back, β = 10 (t (1 − t))^{1/4}.</summary>
/// <param name="Steps">1/Steps is the longest step; shorter ones are taken where the rates ask for it, so that there are more of them than that.</param>
public sealed record FlowCorrector(int Steps)
{
    private const double Strength = 10, Power = 0.25;

    /// <inheritdoc cref="FlowCorrector" path="/param"/>
    public int Steps { get; } = Require.Positive(Steps);

    /// <summary>The step from a time in (0, 1].</summary>
    /// <returns>Its odds, and the time after it.</returns>
    public (ReleasedOdds Odds, double Next) From(double t)
    {
        Require.Positive(Require.UnitInterval(t));
        double back = Strength * Math.Pow(t * (1 - t), Power), reveals = (1 + back) / t;
        // At t = 1 no token is visible that could be masked again; the rate itself is infinite there, and would leave no length to any
        // step.
        double remasks = t == 1 ? 0 : back / (1 - t);
        double length = Math.Min(1.0 / Steps, 1 / (reveals + remasks));
        return (new(length * remasks, length * reveals), t - length);
    }
}
