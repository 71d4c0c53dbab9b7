using Bench.Models;
using Bench.Numerics;
using Bench.Noise;
using Bench.Sampling;
using Bench.Tests.Objectives;
using static TorchSharp.torch;

namespace Bench.Tests.Sampling;

/// <summary>What the ancestral sampler does with random numbers, done with probabilities: the exact law of its sequences, from its own start, canvas and reverse law.</summary>
internal static class ExactSampler
{
    /// <summary>By sequence of words, in the order of <see cref="AllStrings"/>.</summary>
    public static double[] Law(IDenoiser network, Denoising problem)
    {
        using var scope = NewDisposeScope();
        int words = problem.Words.Words, length = problem.Path.Length;
        long[][] states = AllStrings.Of(words + 1, length);
        double[] law = [.. states.Select(state => state.Aggregate(1.0, (p, token) => p * (token == words ? problem.Start.Mask : problem.Start.Uniform / words)))];
        for (int step = 0; step < problem.Path.Steps; step++)
        {
            int[] active = [.. Enumerable.Range(0, length).Where(i => problem.Path.RegionAt(step, i) == Bench.Hyperschedules.Region.Active)];
            double[][] next = Next(network, problem, states, step);
            var after = new double[law.Length];
            for (int from = 0; from < states.Length; from++)
            {
                if (law[from] == 0)
                    continue;
                foreach (long[] values in AllStrings.Of(words + 1, active.Length))
                {
                    long[] to = [.. states[from]];
                    double p = law[from];
                    foreach (var (k, i) in active.Index())
                        p *= next[(from * active.Length) + k][to[i] = values[k]];
                    after[Index(to, words + 1)] += p;
                }
            }

            law = after;
        }

        return [.. AllStrings.Of(words, length).Select(x => law[Index(x, words + 1)])];
    }

    // The law of each active position after the step, state by state.
    private static double[][] Next(IDenoiser network, Denoising problem, long[][] states, int step)
    {
        var canvas = Drawn.Canvas(network, problem, states.Length, RandomStream.Root(0));
        states.SelectMany(state => state).ToArray().CopyTo(canvas.Tokens, 0);
        int[] asked = [.. canvas.Active(step)];
        double[] laws = canvas.Ask(step, asked);
        int size = problem.Words.Size;
        return [.. asked.Select((at, m) =>
        {
            var (s, t) = canvas.Step(step, at);
            bool masked = canvas.Tokens[at] == problem.Words.MaskId;
            double[] law = laws[(m * size)..((m + 1) * size)];
            // States that the chain cannot be in have no next one.
            if ((masked && t.Mask == 0) || (!masked && t.Mask == 1))
                return new double[size];
            ReverseLaw.Weigh(law, canvas.Tokens[at], s, t, problem.Process.Chain);
            double stays = masked ? Posterior.Of(s, t, problem.Process.Chain, masked: true, unchanged: false, problem.Words.Words).Mask : 0, total = law.Sum();
            return (double[])[.. law.Select((p, y) => ((1 - stays) * p / total) + (y == problem.Words.MaskId ? stays : 0))];
        })];
    }

    private static int Index(long[] state, int symbols) => state.Aggregate(0, (index, token) => (index * symbols) + (int)token);
}
