using Bench.Results;

namespace Bench.Guidance;

/// <summary>
/// r(x): what generated sequences are to be high in. Guidance draws from p(x) exp(r(x)/α)/Z, p being the distribution of a sampler without
/// it.
/// </summary>
public interface IReward
{
    /// <summary>Its name in definitions and tables.</summary>
    string Name { get; }

    /// <summary>r(x); −∞ for a sequence that is ruled out.</summary>
    /// <param name="tokens">
    /// A sequence; shorter than L where hyperschedules have not reached its end, so that it is the beginning of one.
    /// </param>
    double Of(ReadOnlySpan<int> tokens);

    /// <summary>Whether r is linear in the one-hot vector of each token, so that <see cref="Expected"/> is known.</summary>
    bool IsMultilinear => false;

    /// <summary>E r(x) under independent tokens, which is r of their distributions where it is linear in each.</summary>
    /// <param name="distributions">[L][N] probabilities.</param>
    /// <exception cref="NotSupportedException">It is not linear in each token.</exception>
    double Expected(IReadOnlyList<double[]> distributions) => throw new NotSupportedException($"{Name} is not linear in each token");
}

/// <summary>Adds up numbers of tokens at positions: r(x) = Σ_i w_i c(x_i).</summary>
/// <param name="Name">Its name.</param>
/// <param name="OfToken">c: [N].</param>
/// <param name="OfPosition">w: [L]; null for 1 everywhere.</param>
public sealed record AdditiveReward(string Name, IReadOnlyList<double> OfToken, IReadOnlyList<double>? OfPosition = null) : IReward
{
    /// <inheritdoc/>
    public bool IsMultilinear => true;

    /// <inheritdoc/>
    public double Of(ReadOnlySpan<int> tokens)
    {
        double sum = 0;
        for (int i = 0; i < tokens.Length; i++)
            sum += Weight(i) * OfToken[tokens[i]];
        return sum;
    }

    /// <inheritdoc/>
    public double Expected(IReadOnlyList<double[]> distributions) =>
        distributions.Index().Sum(entry => Weight(entry.Index) * entry.Item.Zip(OfToken, (p, c) => p * c).Sum());

    private double Weight(int position) => OfPosition?[position] ?? 1;
}

/// <summary>A reward whose calls are counted, and whose numbers are looked at.</summary>
internal sealed class CountedReward(IReward reward)
{
    /// <summary>Calls so far.</summary>
    public long Calls { get; private set; }

    /// <inheritdoc cref="IReward.Of"/>
    /// <exception cref="SuiteException">It is not a number, or ∞.</exception>
    public double Of(ReadOnlySpan<int> tokens)
    {
        Calls++;
        double value = reward.Of(tokens);
        return IsReward(value)
            ? value
            : throw new SuiteException($"the reward {reward.Name} of the tokens {string.Join(' ', tokens.ToArray())} is {value}", Fix);
    }

    /// <inheritdoc cref="IReward.Expected"/>
    /// <exception cref="SuiteException">It is not a number, or ∞.</exception>
    public double Expected(IReadOnlyList<double[]> distributions)
    {
        Calls++;
        double value = reward.Expected(distributions);
        return IsReward(value)
            ? value
            : throw new SuiteException($"the reward {reward.Name} of predicted distributions is {value}", Fix);
    }

    private const string Fix = "A reward is a number, or -infinity for a sequence that is ruled out: correct it, or name another one.";

    private static bool IsReward(double value) => !double.IsNaN(value) && !double.IsPositiveInfinity(value);
}
