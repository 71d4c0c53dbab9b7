using Bench.Numerics;
using Bench.Sampling;

namespace Bench.Reference.Guidance;

/// <summary>
/// Particle resampling as the class FKD of FK steering's public code has it (arXiv 2501.06848). Ours is
/// <see cref="Bench.Guidance.Steering"/>.
/// </summary>
/// <remarks>
/// What is released differs: the running reward starts at a least reward instead of none, weights end at 1e10, the weights of a step at
/// which nothing is resampled are dropped, so that particles are not properly weighted then, and the last potential divides the running
/// reward's exponential instead of that of the reward.
/// </remarks>
/// <param name="potential">diff, max, add, rt, is or bon.</param>
/// <param name="lambda">λ.</param>
/// <param name="particles">P.</param>
/// <param name="steps">T.</param>
/// <param name="frequency">Resampling is considered every so many steps, and at the last.</param>
/// <param name="isAdaptive">Whether it takes an effective sample size below P/2.</param>
/// <param name="least">The reward that the running one starts at.</param>
public sealed class ReleasedSteering(
    string potential, double lambda, int particles, int steps, int frequency, bool isAdaptive, double least)
{
    private const double MostWeight = 1e10;

    /// <summary>The running reward of each particle.</summary>
    public double[] Running { get; private set; } = [.. Enumerable.Repeat(least, particles)];

    /// <summary>The product of its potentials.</summary>
    public double[] Products { get; private set; } = [.. Enumerable.Repeat(1.0, particles)];

    /// <summary>One step.</summary>
    /// <param name="step">Its number.</param>
    /// <param name="rewards">[P] rewards now.</param>
    /// <param name="uniforms">[P] numbers in (0, 1), asked for where particles are resampled.</param>
    /// <returns>Ancestors, and the probabilities that they were drawn with; null where they were not drawn.</returns>
    public (int[] Ancestors, double[]? Probabilities) Take(int step, double[] rewards, Func<double[]> uniforms)
    {
        bool isLast = step == steps - 1;
        int[] places = [.. Enumerable.Range(0, particles)];
        if (potential == "bon")
            return (isLast ? [.. places.OrderByDescending(p => rewards[p])] : places, null);
        if (!isLast && (potential == "is" || step % frequency != 0))
            return (places, null);
        double[] now = [.. places.Select(p => potential switch
        {
            "max" => Math.Max(rewards[p], Running[p]),
            "add" => rewards[p] + Running[p],
            _ => rewards[p],
        })];
        double[] weights = [.. places.Select(p => Math.Clamp(Weight(p, now[p], isLast), 0, MostWeight))];
        double[] probabilities = Array.ConvertAll(weights, weight => weight / weights.Sum());
        Running = now;
        if (isAdaptive && 1 / probabilities.Sum(p => p * p) >= particles / 2.0)
            return (places, null);
        int[] ancestors = Array.ConvertAll(uniforms(), u => Categorical.Draw(probabilities, u));
        double[] products = [.. Products.Zip(weights, (product, weight) => product * weight)];
        Running = Array.ConvertAll(ancestors, p => now[p]);
        Products = Array.ConvertAll(ancestors, p => products[p]);
        return (ancestors, probabilities);
    }

    private double Weight(int particle, double reward, bool isLast) => potential switch
    {
        "diff" => Math.Exp(lambda * (reward - Running[particle])),
        "is" => Math.Exp(lambda * reward),
        _ => Math.Exp(lambda * reward) / (isLast ? Products[particle] : 1),
    };
}

/// <summary>
/// SVDD's public DNA code (arXiv 2408.08252) where it differs from the paper: <see cref="Bench.Guidance.Svdd"/> draws in proportion to
/// exp(v/α).
/// </summary>
public static class ReleasedSvdd
{
    /// <summary>The candidate of the highest value, the first of ties, whatever α; the line that draws is commented out.</summary>
    public static int Select(double[] values) => Array.IndexOf(values, values.Max());

    /// <summary>The baseline called TDS: the whole batch is one population, drawn anew in every step.</summary>
    /// <param name="after">[B] values of the sequences after the step.</param>
    /// <param name="before">[B] before it, at the same noise level.</param>
    /// <param name="alpha">α.</param>
    /// <param name="uniforms">[B] numbers in (0, 1).</param>
    public static (double[] Probabilities, int[] Ancestors) Resample(double[] after, double[] before, double alpha, double[] uniforms)
    {
        double[] weights = [.. after.Zip(before, (s, t) => Math.Exp((s - t) / alpha))];
        double[] probabilities = Array.ConvertAll(weights, weight => weight / weights.Sum());
        return (probabilities, Array.ConvertAll(uniforms, u => Categorical.Draw(probabilities, u)));
    }
}
