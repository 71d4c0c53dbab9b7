using Bench.Numerics;
using Bench.Sampling;

namespace Bench.Guidance;

/// <summary>
/// Sequential Monte Carlo: P candidates have weights that are multiplied by a potential after each step, and are drawn anew in proportion
/// to them where few have most of the weight (FK steering, arXiv 2501.06848). The product of all potentials of a path is exp(r/α), so that
/// the mean weights multiply to an unbiased estimate of E exp(r/α), whatever the values. In the end one is drawn.
/// </summary>
/// <param name="Candidates">P.</param>
/// <param name="Alpha">α = 1/λ.</param>
/// <param name="Potential">What weights are multiplied by on the way.</param>
/// <param name="Every">After how many steps.</param>
/// <param name="Threshold">
/// Candidates are drawn anew where the effective sample size (Σw)²/Σw² is below this share of P; 1 for always.
/// </param>
/// <param name="Draws">How.</param>
public sealed record Steering(
    int Candidates, double Alpha, Potential Potential = Potential.Difference, int Every = 1, double Threshold = 0.5,
    Resampling Draws = Resampling.Systematic) : IRule
{
    /// <inheritdoc cref="Steering" path="/param[@name='Candidates']"/>
    public int Candidates { get; } = Require.Positive(Candidates);

    /// <inheritdoc/>
    public double Alpha { get; } = Require.Positive(Alpha);

    /// <inheritdoc/>
    public int Every { get; } = Require.Positive(Every);

    /// <inheritdoc cref="Steering" path="/param[@name='Threshold']"/>
    public double Threshold { get; } = Require.UnitInterval(Threshold);

    /// <inheritdoc/>
    public string Name => $"fk {Candidates}, α {Alpha}, {Potential.ToString().ToLowerInvariant()}"
        + (Every == 1 ? "" : $", every {Every}") + (Threshold == 0.5 ? "" : $", below {Threshold}")
        + (Draws == Resampling.Systematic ? "" : $", {Draws.ToString().ToLowerInvariant()}");

    /// <inheritdoc/>
    public IGroup Begin() => new Particles(this);

    /// <summary>[P] ancestors drawn in proportion to weights.</summary>
    /// <param name="weights">Not negative, not all 0.</param>
    /// <param name="how">How.</param>
    /// <param name="uniform">Numbers in (0, 1), by number.</param>
    public static int[] Ancestors(ReadOnlySpan<double> weights, Resampling how, Func<int, double> uniform)
    {
        var ancestors = new int[weights.Length];
        for (int p = 0; p < ancestors.Length; p++)
            ancestors[p] = Categorical.Draw(weights, how == Resampling.Multinomial ? uniform(p) : (p + uniform(0)) / ancestors.Length);
        return ancestors;
    }

    /// <summary>ln of the potential of a candidate, and what it remembers.</summary>
    /// <param name="potential">Which.</param>
    /// <param name="value">v/α now.</param>
    /// <param name="before">What it remembered: v/α before, the highest or the sum so far; null at first.</param>
    internal static (double Log, double Remembered) Step(Potential potential, double value, double? before) => potential switch
    {
        Potential.Difference => (value - (before ?? 0), value),
        Potential.Max => Math.Max(value, before ?? double.NegativeInfinity) is var most ? (most, most) : default,
        Potential.Sum => value + (before ?? 0) is var sum ? (sum, sum) : default,
        _ => (value, value),
    };

    private sealed class Particles(Steering rule) : IGroup
    {
        private double?[] remembered = new double?[rule.Candidates];
        private double[] logPotentials = new double[rule.Candidates], logWeights = new double[rule.Candidates];
        private double logNormaliser;

        public double? LogNormaliser => logNormaliser;

        public int[] Continue(ReadOnlySpan<double> values, bool isLast, Func<int, double> uniform)
        {
            for (int p = 0; p < values.Length; p++)
            {
                if (double.IsNegativeInfinity(logPotentials[p]))
                    continue; // of weight 0 for good
                double value = values[p] / rule.Alpha;
                var (log, now) = isLast ? (value - logPotentials[p], value) : Step(rule.Potential, value, remembered[p]);
                remembered[p] = now;
                logPotentials[p] += log;
                logWeights[p] += log;
            }

            double[] weights = Tilt.Weights(logWeights, 1);
            if (isLast)
            {
                logNormaliser += Tilt.LogMeanExp(logWeights);
                return [.. Enumerable.Repeat(Categorical.Draw(weights, uniform(0)), weights.Length)];
            }

            double total = weights.Sum(), effective = total * total / weights.Sum(weight => weight * weight);
            if (rule.Threshold < 1 && effective >= rule.Threshold * weights.Length)
                return [.. Enumerable.Range(0, weights.Length)];
            logNormaliser += Tilt.LogMeanExp(logWeights);
            int[] ancestors = Ancestors(weights, rule.Draws, uniform);
            remembered = Array.ConvertAll(ancestors, p => remembered[p]);
            logPotentials = Array.ConvertAll(ancestors, p => logPotentials[p]);
            logWeights = Array.ConvertAll(logPotentials, log => double.IsNegativeInfinity(log) ? log : 0);
            return ancestors;
        }
    }
}

/// <summary>What weights are multiplied by after a step, v being values before the end; the last potential completes exp(r/α).</summary>
public enum Potential
{
    /// <summary>exp((v_s − v_t)/α); 0 stands for the value before the first.</summary>
    Difference,

    /// <summary>exp(max v/α), over all values so far.</summary>
    Max,

    /// <summary>exp(Σv/α), over all values so far.</summary>
    Sum,

    /// <summary>exp(v_s/α).</summary>
    Immediate,
}

/// <summary>How candidates are drawn in proportion to weights.</summary>
public enum Resampling
{
    /// <summary>At P even distances from one random start: each w_p P times, rounded up or down.</summary>
    Systematic,

    /// <summary>Independently.</summary>
    Multinomial,
}
