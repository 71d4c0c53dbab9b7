using Bench.Numerics;
using Bench.Sampling;

namespace Bench.Guidance;

/// <summary>What a group of candidates for one sequence does after a step.</summary>
public interface IRule
{
    /// <summary>Its name in tables, with its numbers.</summary>
    string Name { get; }

    /// <summary>K.</summary>
    int Candidates { get; }

    /// <summary>α &gt; 0: sequences are drawn from p(x) exp(r(x)/α)/Z, as far as the rule can.</summary>
    double Alpha { get; }

    /// <summary>Values are taken after every so many steps; 0 where finished sequences alone are compared.</summary>
    int Every { get; }

    /// <summary>What it remembers of one group.</summary>
    IGroup Begin();
}

/// <summary>The candidates of one sequence.</summary>
public interface IGroup
{
    /// <summary>ln of an estimate of E exp(r/α), of which the exponential is unbiased, in the end; null where there is none.</summary>
    double? LogNormaliser => null;

    /// <summary>The candidate that each of the K rows continues from; in the end the first of them is the sequence.</summary>
    /// <param name="values">[K] values; rewards in the end.</param>
    /// <param name="isLast">Whether the candidates are finished.</param>
    /// <param name="uniform">Numbers in (0, 1), by number.</param>
    /// <returns>[K] candidates.</returns>
    int[] Continue(ReadOnlySpan<double> values, bool isLast, Func<int, double> uniform);
}

/// <summary>Weights proportional to exp(v/α).</summary>
public static class Tilt
{
    /// <summary>[K] exp((v − max v)/α), so that one of them is 1; all 1 where every value is −∞.</summary>
    public static double[] Weights(ReadOnlySpan<double> values, double alpha)
    {
        double most = double.NegativeInfinity;
        foreach (double value in values)
            most = Math.Max(most, value);
        var weights = new double[values.Length];
        for (int k = 0; k < weights.Length; k++)
            weights[k] = values[k] == most ? 1 : Math.Exp((values[k] - most) / alpha);
        return weights;
    }

    /// <summary>ln of the mean of exp, for numbers that may be −∞.</summary>
    public static double LogMeanExp(ReadOnlySpan<double> logs)
    {
        double most = double.NegativeInfinity, sum = 0;
        foreach (double log in logs)
            most = Math.Max(most, log);
        if (double.IsNegativeInfinity(most))
            return most;
        foreach (double log in logs)
            sum += Math.Exp(log - most);
        return most + Math.Log(sum / logs.Length);
    }
}

/// <summary>Of N finished sequences the one of the highest reward, the first of ties; in the limit the highest there is.</summary>
/// <param name="Candidates">N.</param>
public sealed record BestOf(int Candidates) : IRule
{
    /// <inheritdoc cref="BestOf" path="/param"/>
    public int Candidates { get; } = Require.Positive(Candidates);

    /// <inheritdoc/>
    public string Name => $"best-of {Candidates}";

    /// <inheritdoc/>
    public double Alpha => 1;

    /// <inheritdoc/>
    public int Every => 0;

    /// <inheritdoc/>
    public IGroup Begin() => new OneForAll(Alpha, IsGreedy: true);
}

/// <summary>Of N finished sequences one drawn in proportion to exp(r/α): importance resampling, p exp(r/α)/Z in the limit.</summary>
/// <param name="Candidates">N.</param>
/// <param name="Alpha">α.</param>
public sealed record Resample(int Candidates, double Alpha) : IRule
{
    /// <inheritdoc cref="Resample" path="/param[@name='Candidates']"/>
    public int Candidates { get; } = Require.Positive(Candidates);

    /// <inheritdoc/>
    public double Alpha { get; } = Require.Positive(Alpha);

    /// <inheritdoc/>
    public string Name => $"resample {Candidates}, α {Alpha}";

    /// <inheritdoc/>
    public int Every => 0;

    /// <inheritdoc/>
    public IGroup Begin() => new OneForAll(Alpha, IsGreedy: false);
}

/// <summary>
/// After each step one of M candidates is drawn in proportion to exp(v/α), and all continue from it (soft value-based decoding, SVDD, arXiv
/// 2408.08252, algorithm 1). With exact values its distribution goes to p exp(r/α)/Z as 1/M.
/// </summary>
/// <param name="Candidates">M.</param>
/// <param name="Alpha">α.</param>
/// <param name="IsGreedy">Whether the candidate of the highest value is taken instead, as in the released code: the limit α → 0.</param>
public sealed record Svdd(int Candidates, double Alpha, bool IsGreedy = false) : IRule
{
    /// <inheritdoc cref="Svdd" path="/param[@name='Candidates']"/>
    public int Candidates { get; } = Require.Positive(Candidates);

    /// <inheritdoc/>
    public double Alpha { get; } = Require.Positive(Alpha);

    /// <inheritdoc/>
    public string Name => IsGreedy ? $"svdd {Candidates}, greedy" : $"svdd {Candidates}, α {Alpha}";

    /// <inheritdoc/>
    public int Every => 1;

    /// <inheritdoc/>
    public IGroup Begin() => new OneForAll(Alpha, IsGreedy);
}

/// <summary>All rows continue from one candidate.</summary>
internal sealed record OneForAll(double Alpha, bool IsGreedy) : IGroup
{
    /// <inheritdoc/>
    public int[] Continue(ReadOnlySpan<double> values, bool isLast, Func<int, double> uniform)
    {
        double[] weights = Tilt.Weights(values, Alpha);
        // The first of ties, which have weight 1.
        int chosen = IsGreedy ? Array.IndexOf(weights, 1) : Categorical.Draw(weights, uniform(0));
        return [.. Enumerable.Repeat(chosen, weights.Length)];
    }
}
