using Bench.Models;

namespace Bench.Tests.Sampling;

/// <summary>The law of the sequences that a sampler draws, by going through all noisy sequences at every step.</summary>
internal static class ExactLaw
{
    /// <summary>The weights of the next token of a position, over N words and the mask, given the sequence and two noise times.</summary>
    public delegate double[] Step(int position, long[] x, double now, double next);

    /// <summary>Along a flat hyperschedule, from the prior at time 1. Masks cannot be left: the last step draws words.</summary>
    /// <returns>A probability for each sequence of words, the first position counting most.</returns>
    public static double[] Of(Denoising problem, Step step)
    {
        int words = problem.Words.Words, states = words + 1, length = problem.Path.Length;
        var prior = problem.At(1);
        double unmasked = prior.Mask + prior.Uniform;
        double[] law = [.. Sequences(states, length).Select(x => x.Aggregate(1.0, (p, token) => p * (token == words ? prior.Mask : prior.Uniform / words) / unmasked))];
        for (int n = 0; n < problem.Path.Steps; n++)
        {
            var next = new double[law.Length];
            foreach (var (at, x) in Sequences(states, length).Index().Where(entry => law[entry.Index] > 0))
            {
                double[][] moves = [.. Enumerable.Range(0, length).Select(i => Normalised(step(i, x, problem.Path.TimeAt(n, i), problem.Path.TimeAt(n + 1, i)), settles: n == problem.Path.Steps - 1))];
                foreach (var (to, y) in Sequences(states, length).Index())
                    next[to] += law[at] * y.Select((token, i) => moves[i][token]).Aggregate((p, q) => p * q);
            }

            law = next;
        }

        return [.. Sequences(states, length).Index().Where(entry => !entry.Item.Contains(words)).Select(entry => law[entry.Index])];
    }

    public static long[][] Sequences(int symbols, int length) =>
        [.. Enumerable.Range(0, (int)Math.Pow(symbols, length)).Select(n => Enumerable.Range(0, length).Select(i => (long)(n / (int)Math.Pow(symbols, length - 1 - i) % symbols)).ToArray())];

    public static double Distance(double[] law, double[] other) => law.Zip(other, (p, q) => Math.Abs(p - q)).Sum() / 2;

    private static double[] Normalised(double[] weights, bool settles)
    {
        if (settles)
            weights[^1] = 0;
        return Array.ConvertAll(weights, w => w / weights.Sum());
    }
}
