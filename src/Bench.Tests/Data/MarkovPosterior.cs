
using Bench.Data.Corpora;
using Bench.Numerics;

namespace Bench.Tests.Data;

/// <summary>
/// What a perfect denoiser of a Markov source knows: given the symbols of a chunk that are not masked, the exact distribution of each of
/// its symbols, by the forward-backward recursion (Baum et al. 1970) over the strings of k symbols. Costs L·V^(k+1).
/// </summary>
internal sealed class MarkovPosterior
{
    private readonly double[,] distribution;

    /// <summary>Computes the distributions of all symbols of a chunk.</summary>
    /// <param name="source">The source that the chunk is cut from.</param>
    /// <param name="observed">The chunk: tokens, and V where the symbol is masked.</param>
    public MarkovPosterior(MarkovSource source, ReadOnlySpan<int> observed)
    {
        int order = source.Order;
        // The source is stationary: a short chunk may be continued by masks to the k symbols of a state.
        int length = Math.Max(observed.Length, order);
        var chunk = new int[length];
        Array.Fill(chunk, source.TokenCount);
        observed.CopyTo(chunk);
        foreach (int token in chunk)
            Require.Within(token, 0, source.TokenCount);

        var forward = Forward(source, chunk, out double logLikelihood);
        LogLikelihood = logLikelihood;
        distribution = new double[length, source.TokenCount];
        var backward = new double[source.States];
        Array.Fill(backward, 1);
        for (int i = length - 1; i >= order - 1; i--)
        {
            Marginalise(source, forward[i - order + 1], backward, i);
            if (i >= order)
                backward = StepBack(source, backward, chunk[i]);
        }
    }

    /// <summary>ln p of the symbols that are not masked, in nats.</summary>
    public double LogLikelihood { get; }

    /// <summary>p(x_i = token | the symbols that are not masked).</summary>
    public double this[int position, int token] => distribution[position, token];

    // forward[j] is the distribution of the state that ends at position k - 1 + j, given the observed symbols up to there.
    private static double[][] Forward(MarkovSource source, int[] chunk, out double logLikelihood)
    {
        int order = source.Order;
        var forward = new double[chunk.Length - order + 1][];
        var current = source.StateDistribution.ToArray();
        for (int state = 0; state < current.Length; state++)
        {
            for (int i = order - 1, rest = state; i >= 0; i--, rest /= source.TokenCount)
                current[state] *= Agrees(source, chunk[i], rest % source.TokenCount) ? 1 : 0;
        }
        logLikelihood = Math.Log(Normalise(current));
        forward[0] = current;
        for (int i = order; i < chunk.Length; i++)
        {
            var after = new double[source.States];
            for (int state = 0; state < current.Length; state++)
            {
                var next = source.Next(state);
                int first = source.Advance(state, 0);
                for (int symbol = 0; symbol < source.TokenCount; symbol++)
                    after[first + symbol] += Agrees(source, chunk[i], symbol) ? current[state] * next[symbol] : 0;
            }
            logLikelihood += Math.Log(Normalise(after));
            forward[i - order + 1] = current = after;
        }
        return forward;
    }

    // From p(observed after i | state at i) to p(observed after i − 1 | state at i − 1), up to a factor.
    private static double[] StepBack(MarkovSource source, double[] backward, int token)
    {
        var before = new double[source.States];
        for (int state = 0; state < before.Length; state++)
        {
            var next = source.Next(state);
            int first = source.Advance(state, 0);
            for (int symbol = 0; symbol < source.TokenCount; symbol++)
                before[state] += Agrees(source, token, symbol) ? next[symbol] * backward[first + symbol] : 0;
        }
        Normalise(before);
        return before;
    }

    private void Marginalise(MarkovSource source, double[] forward, double[] backward, int position)
    {
        var joint = new double[source.States];
        for (int state = 0; state < joint.Length; state++)
            joint[state] = forward[state] * backward[state];
        Normalise(joint);
        int last = position - source.Order + 1; // The first state of the chunk determines all its k symbols, the others their latest one.
        for (int state = 0; state < joint.Length; state++)
        {
            for (int i = position, rest = state; i >= (last == 0 ? 0 : position); i--, rest /= source.TokenCount)
                distribution[i, rest % source.TokenCount] += joint[state];
        }
    }

    private static bool Agrees(MarkovSource source, int token, int symbol) => token == symbol || token == source.TokenCount;

    private static double Normalise(double[] distribution)
    {
        double sum = distribution.Sum();
        for (int i = 0; i < distribution.Length; i++)
            distribution[i] /= sum;
        return sum;
    }
}
