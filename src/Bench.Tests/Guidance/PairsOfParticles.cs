using Bench.Guidance;
using Bench.Tasks.GuidanceToy;

namespace Bench.Tests.Guidance;

/// <summary>
/// Two particles that are drawn anew independently after every step, all pairs of them with their probabilities: what
/// <see cref="Steering"/> draws, and the mean of the product of its mean weights.
/// </summary>
internal static class PairsOfParticles
{
    public static (double[] Drawn, double Normaliser) Of(EnumeratedChain chain, double[][] values, double[] rewards, double alpha)
    {
        int count = chain.States.Length;
        // By pair: probability, and the same weighed by the product of mean weights so far.
        var (now, weighed) = (new double[count, count], new double[count, count]);
        for (int a = 0; a < count; a++)
        {
            for (int b = 0; b < count; b++)
                now[a, b] = weighed[a, b] = chain.Start[a] * chain.Start[b];
        }

        for (int step = 0; step < chain.Steps; step++)
        {
            var (moved, moves) = (new double[count, count], new double[count, count]);
            for (int a = 0; a < count; a++)
            {
                for (int b = 0; b < count; b++)
                {
                    if (now[a, b] > 0)
                        Move(a, b, step, moved, moves);
                }
            }

            (now, weighed) = (moved, moves);
        }

        var drawn = new double[count];
        double total = 0;
        for (int a = 0; a < count; a++)
        {
            for (int b = 0; b < count; b++)
                (drawn[a], total) = (drawn[a] + now[a, b], total + weighed[a, b]);
        }

        return ([.. chain.Finished.Select(state => drawn[state])], total);

        void Move(int a, int b, int step, double[,] moved, double[,] moves)
        {
            int[] first = Reached(a, step), second = Reached(b, step);
            foreach (int x in first)
            {
                foreach (int y in second)
                {
                    double p = chain.Moves(step, a)[x] * chain.Moves(step, b)[y];
                    double u = Weight(step, a, x), v = Weight(step, b, y), share = u / (u + v);
                    foreach (var (c, d, q) in new[] { (x, x, share * share), (x, y, share * (1 - share)), (y, x, share * (1 - share)),
                        (y, y, (1 - share) * (1 - share)) })
                    {
                        moved[c, d] += now[a, b] * p * q;
                        moves[c, d] += weighed[a, b] * p * q * (u + v) / 2;
                    }
                }
            }
        }

        int[] Reached(int from, int step) => [.. Enumerable.Range(0, count).Where(to => chain.Moves(step, from)[to] > 0)];

        // The value before the first is taken to be 0, as by Steering.
        double Weight(int step, int from, int to) =>
            Math.Exp(Steering.Step(Potential.Difference, values[step + 1][to] / alpha, step == 0 ? null : values[step][from] / alpha).Log);
    }
}
