using Bench.Guidance;

namespace Bench.Tests.Guidance;

/// <summary>A Markov chain of tokens: sums over all sequences by forward-backward, whatever their number.</summary>
/// <param name="Initial">[V] of the first token.</param>
/// <param name="Transition">[V][V] from a token to the next.</param>
internal sealed record MarkovChain(double[] Initial, double[][] Transition)
{
    public int TokenCount => Initial.Length;

    /// <summary>ln Σ_x p(x) Π_i w_i(x_i), and the marginals of the distribution in proportion to that.</summary>
    public (double Log, double[][] Marginals) Sum(double[][] weights)
    {
        int length = weights.Length;
        var (forward, backward) = (new double[length][], new double[length][]);
        double log = 0;
        for (int i = 0; i < length; i++)
        {
            forward[i] = [.. Enumerable.Range(0, TokenCount).Select(v =>
                weights[i][v] * (i == 0 ? Initial[v] : forward[i - 1].Select((p, u) => p * Transition[u][v]).Sum()))];
            double total = forward[i].Sum();
            log += Math.Log(total);
            forward[i] = Array.ConvertAll(forward[i], p => p / total);
        }

        backward[^1] = [.. Enumerable.Repeat(1.0, TokenCount)];
        for (int i = length - 2; i >= 0; i--)
        {
            double[] after = [.. backward[i + 1].Zip(weights[i + 1], (b, w) => b * w)];
            double[] before = [.. Transition.Select(row => row.Zip(after, (p, b) => p * b).Sum())];
            backward[i] = Array.ConvertAll(before, b => b / before.Sum());
        }

        return (log, [.. forward.Zip(backward, (f, b) =>
        {
            double[] both = [.. f.Zip(b, (p, q) => p * q)];
            return Array.ConvertAll(both, p => p / both.Sum());
        })]);
    }

    /// <summary>w_i = exp(r_i/α) of an additive reward where a token is masked or the same, 0 elsewhere.</summary>
    /// <param name="seen">Noisy tokens; V is the mask.</param>
    /// <param name="reward">r; null for none.</param>
    /// <param name="alpha">α.</param>
    public double[][] Weights(IReadOnlyList<int> seen, AdditiveReward? reward, double alpha) =>
    [
        .. seen.Select((token, i) => Enumerable.Range(0, TokenCount).Select(v => token != TokenCount && token != v ? 0.0
            : reward is null ? 1 : Math.Exp(reward.OfPosition![i] * reward.OfToken[v] / alpha)).ToArray()),
    ];

    /// <summary>α ln E[exp(r/α) | seen].</summary>
    public double SoftValue(IReadOnlyList<int> seen, AdditiveReward reward, double alpha) =>
        alpha * (Sum(Weights(seen, reward, alpha)).Log - Sum(Weights(seen, null, alpha)).Log);

    /// <summary>E r where tokens have some marginals.</summary>
    public static double Mean(double[][] marginals, AdditiveReward reward) => reward.Expected(marginals);

    /// <summary>p(x_i | what is seen of the others).</summary>
    public Exact Denoiser(int length) => new(this, length);

    /// <summary>Exact predictions.</summary>
    internal sealed class Exact(MarkovChain chain, int length) : SequenceDenoiser(chain.TokenCount)
    {
        protected override double[] Answer(int position, long[] seen)
        {
            int[] all = [.. Enumerable.Range(0, length).Select(i => i < seen.Length && i != position ? (int)seen[i] : chain.TokenCount)];
            return Array.ConvertAll(chain.Sum(chain.Weights(all, null, 1)).Marginals[position], Math.Log);
        }
    }
}
