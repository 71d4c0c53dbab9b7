using System.Globalization;
using Bench.Numerics;
using Bench.Sampling;

namespace Bench.Guidance;

/// <summary>
/// An estimate of v_t(z) = α ln E[exp(r(x)/α) | z], by which noisy candidates are compared; at the end r itself takes its place.
/// </summary>
public interface IValue
{
    /// <summary>Its name in definitions and tables.</summary>
    string Name { get; }

    /// <summary>Whether it reads what the network predicts of the candidate.</summary>
    bool Predicts => true;

    /// <summary>Whether the same tokens have another value at another step, whatever the network is given.</summary>
    bool DependsOnStep => false;

    /// <summary>Why it cannot be had for a reward; null where it can.</summary>
    string? Refuses(IReward reward) => null;

    /// <summary>The value, in units of the reward.</summary>
    /// <param name="candidate">The candidate.</param>
    /// <param name="alpha">α &gt; 0.</param>
    double Of(Candidate candidate, double alpha);
}

/// <summary>A sequence on its way, as values see it.</summary>
/// <param name="Step">The number of the step that comes next.</param>
/// <param name="Tokens">
/// [L'] its noisy tokens; fewer than L where positions from L' on are pure noise that no network has been asked about yet.
/// </param>
/// <param name="Clean">[L'][N] p(x_i | z), where the position is open; null where its token is known.</param>
/// <param name="Reward">r of a beginning.</param>
/// <param name="Expected">E r under independent tokens.</param>
/// <param name="Uniform">A number in (0, 1) for a draw and a position.</param>
public sealed record Candidate(
    int Step,
    int[] Tokens,
    double[]?[] Clean,
    Candidate.RewardOf Reward,
    Func<IReadOnlyList<double[]>, double> Expected,
    Func<int, int, double> Uniform)
{
    /// <summary>r of tokens.</summary>
    public delegate double RewardOf(ReadOnlySpan<int> tokens);
}

/// <summary>r of the most probable token at each open position, the first of ties (SVDD's posterior mean as released, arXiv
/// 2408.08252).</summary>
public sealed record ArgmaxValue : IValue
{
    /// <inheritdoc/>
    public string Name => "argmax";

    /// <inheritdoc/>
    public double Of(Candidate candidate, double alpha) =>
        candidate.Reward([.. candidate.Tokens.Select((token, i) => candidate.Clean[i] is { } p ? Array.IndexOf(p, p.Max()) : token)]);
}

/// <summary>E r under the predicted tokens, taken to be independent: r of the distributions, where it is linear in each.</summary>
public sealed record RelaxedValue : IValue
{
    /// <inheritdoc/>
    public string Name => "relaxed";

    /// <inheritdoc/>
    public string? Refuses(IReward reward) => reward.IsMultilinear ? null
        : $"the value {Name} takes a reward that is linear in each token, which {reward.Name} is not";

    /// <inheritdoc/>
    public double Of(Candidate candidate, double alpha)
    {
        if (candidate.Clean.FirstOrDefault(p => p is not null) is not { Length: var tokenCount })
            return candidate.Reward(candidate.Tokens);
        return candidate.Expected([.. candidate.Tokens.Select((token, i) => candidate.Clean[i] ?? OneHot(token))]);

        double[] OneHot(int token)
        {
            var p = new double[tokenCount];
            p[token] = 1;
            return p;
        }
    }
}

/// <summary>
/// α ln (1/K) Σ_k exp(r(x^k)/α) over K draws of the predicted tokens, taken to be independent (FK steering, arXiv 2501.06848).
/// </summary>
/// <param name="Draws">K.</param>
public sealed record SampledValue(int Draws) : IValue
{
    /// <inheritdoc cref="SampledValue" path="/param"/>
    public int Draws { get; } = Require.Positive(Draws);

    /// <inheritdoc/>
    public string Name => $"sampled-{Draws}";

    /// <inheritdoc/>
    public double Of(Candidate candidate, double alpha)
    {
        // Nothing is open: all draws are the same.
        int draws = candidate.Clean.Any(p => p is not null) ? Draws : 1;
        var rewards = new double[draws];
        var x = new int[candidate.Tokens.Length];
        for (int k = 0; k < draws; k++)
        {
            for (int i = 0; i < x.Length; i++)
                x[i] = candidate.Clean[i] is { } p ? Categorical.Draw(p, candidate.Uniform(k, i)) : candidate.Tokens[i];
            rewards[k] = candidate.Reward(x);
        }

        return alpha * Tilt.LogMeanExp([.. rewards.Select(r => r / alpha)]);
    }
}

/// <summary>A value that is known for every noisy sequence and step, as for distributions that can be enumerated.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Table">From noisy tokens and the number of the step that comes next to the value.</param>
public sealed record KnownValue(string Name, Func<int[], int, double> Table) : IValue
{
    /// <inheritdoc/>
    public bool Predicts => false;

    /// <inheritdoc/>
    public bool DependsOnStep => true;

    /// <inheritdoc/>
    public double Of(Candidate candidate, double alpha) => Table(candidate.Tokens, candidate.Step);
}

/// <summary>The values by name. A new value is a new row.</summary>
public static class ValueTable
{
    /// <summary>Names that are understood, each with what it is.</summary>
    public static IReadOnlyList<(string Name, string Summary)> Rows { get; } =
    [
        ("argmax", "r of the most probable token at each open position"),
        ("relaxed", "E r under the predicted tokens, for rewards that are linear in each token"),
        ("sampled-4", "α ln of the mean of exp(r/α) over draws of the predicted tokens, as many as the number says"),
        (Exact, "α ln E[exp(r/α) | z] itself, for tasks that know it"),
    ];

    /// <summary>The value that a task knows by itself.</summary>
    public const string Exact = "exact";

    /// <summary>The value of a name; null for <see cref="Exact"/>, and where <see cref="Problem"/> has something to say.</summary>
    public static IValue? Find(string name) => name switch
    {
        "argmax" => new ArgmaxValue(),
        "relaxed" => new RelaxedValue(),
        _ => Draws(name) is { } draws ? new SampledValue(draws) : null,
    };

    /// <summary>What is wrong with a name; null where it is a value's.</summary>
    public static string? Problem(string name) =>
        name == Exact || Find(name) is not null ? null
        : name.StartsWith(Sampled, StringComparison.Ordinal)
            ? $"value '{name}': the number of draws is a whole number from 1 to {MostDraws}; sampled-4 would do"
        : $"there is no value '{name}'";

    private const string Sampled = "sampled";
    private const int MostDraws = 4096;

    private static int? Draws(string name) =>
        name.StartsWith($"{Sampled}-", StringComparison.Ordinal)
        && int.TryParse(name.AsSpan(Sampled.Length + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int draws)
        && draws is >= 1 and <= MostDraws
            ? draws
            : null;
}
