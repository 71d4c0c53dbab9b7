using Bench.Numerics;

namespace Bench.Sampling;

/// <summary>How tokens are drawn from predicted distributions, for any sampler.</summary>
/// <param name="Temperature">T ≥ 0: p is proportional to p^(1/T); 0 is greedy.</param>
/// <param name="TopP">p in [0, 1]: only the most probable tokens that reach p together are drawn from, one at least.</param>
/// <param name="Boundary">Whether the token that crosses p is one of them.</param>
/// <param name="GreedyTail">Whether the step that settles a position takes the most probable token, as MDLM's last step does.</param>
public sealed record DecodingOptions(double Temperature = 1, double TopP = 1, TopPBoundary Boundary = TopPBoundary.Kept,
    bool GreedyTail = false)
{
    /// <summary>CleanDistribution as they are predicted.</summary>
    public static DecodingOptions AsPredicted { get; } = new();

    /// <inheritdoc cref="DecodingOptions" path="/param[@name='Temperature']"/>
    public double Temperature { get; } = Require.NonNegative(Temperature);

    /// <inheritdoc cref="DecodingOptions" path="/param[@name='TopP']"/>
    public double TopP { get; } = Require.UnitInterval(TopP);

    /// <summary>Changes a distribution in place; its total stays what it is.</summary>
    /// <param name="distribution">Weights, not negative.</param>
    /// <param name="settles">Whether the draw settles the position.</param>
    public void Apply(Span<double> distribution, bool settles)
    {
        double temperature = settles && GreedyTail ? 0 : Temperature;
        if (temperature == 1 && TopP == 1)
            return;
        double total = Sum(distribution);
        if (total <= 0)
            return;
        if (temperature == 0)
            Peak(distribution);
        else if (temperature != 1)
            Flatten(distribution, 1 / temperature);
        if (TopP < 1)
            Cut(distribution);
        double scale = total / Sum(distribution);
        foreach (ref double weight in distribution)
            weight *= scale;
    }

    private static double Sum(ReadOnlySpan<double> distribution)
    {
        double total = 0;
        foreach (double weight in distribution)
            total += weight;
        return total;
    }

    private static double Most(ReadOnlySpan<double> distribution)
    {
        double most = 0;
        foreach (double weight in distribution)
            most = Math.Max(most, weight);
        return most;
    }

    private static void Peak(Span<double> distribution)
    {
        int best = distribution.IndexOf(Most(distribution));
        distribution.Clear();
        distribution[best] = 1;
    }

    private static void Flatten(Span<double> distribution, double power)
    {
        double most = Most(distribution); // divided out first: a small power of a small number would be 0
        foreach (ref double weight in distribution)
            weight = Math.Pow(weight / most, power);
    }

    private void Cut(Span<double> distribution)
    {
        double[] weights = distribution.ToArray();
        int[] order = [.. Enumerable.Range(0, weights.Length).OrderByDescending(y => weights[y])];
        double total = Sum(distribution), left = TopP * total, rounding = 1e-12 * total; // 0.4 + 0.3 reaches 0.7
        for (int rank = 0; rank < order.Length; rank++)
        {
            double weight = weights[order[rank]];
            bool kept = rank == 0 || (Boundary == TopPBoundary.Kept ? left > rounding : left >= weight - rounding);
            left -= weight;
            if (!kept)
            {
                left = double.NegativeInfinity; // those behind are less probable
                distribution[order[rank]] = 0;
            }
        }
    }
}

/// <summary>Which side of a nucleus the token falls on that crosses its edge.</summary>
public enum TopPBoundary
{
    /// <summary>
    /// It is the last one in: the tokens that are kept have the probability that was asked for at least (Holtzman et al., arXiv 1904.09751;
    /// Duo).
    /// </summary>
    Kept,

    /// <summary>
    /// It is the first one out, unless it is the only one: the tokens that are kept have that probability at most (BD3-LM, ReMDM).
    /// </summary>
    Dropped,
}
