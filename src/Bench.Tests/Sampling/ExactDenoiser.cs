using Bench.Backbone;
using Bench.Hyperschedules;
using Bench.Numerics;
using Bench.Sampling;
using Bench.Sampling.Samplers;
using Bench.Tests.Objectives;
using static TorchSharp.torch;

namespace Bench.Tests.Sampling;

/// <summary>
/// The distribution of the sequences that a sampler draws, by going through all noisy sequences at every step, with probabilities in the
/// place of random numbers.
/// </summary>
internal static class ExactDenoiser
{
    /// <summary>The weights of the next token of a position, over N tokens and the mask, given the sequence and two noise times.</summary>
    public delegate double[] Step(int position, long[] x, double now, double next);

    /// <summary>Of a sampler's own move probabilities and distributions.</summary>
    /// <returns>A probability for each sequence of tokens, in the order of <see cref="AllStrings"/>.</returns>
    public static double[] Of(ITokenwise sampler, IDenoiser network, DiffusionSetup setup, int?[]? given = null) =>
        Of(setup, (step, states, active) => Moves(sampler, network, setup, step, states, given), given);

    /// <summary>Of a step that is written out. Masks cannot be left: the step that settles draws tokens.</summary>
    public static double[] Of(DiffusionSetup setup, Step distribution) => Of(setup, (step, states, active) =>
    [
        .. from x in states
           from i in active
           let weights = distribution(i, x, setup.Hyperschedule.TimeAt(step, i), setup.Hyperschedule.TimeAt(step + 1, i))
           select Normalised(setup.Hyperschedule.TimeAt(step + 1, i) == 0 ? [.. weights[..^1], 0] : weights),
    ]);

    public static double Distance(double[] distribution, double[] other) => distribution.Zip(other, (p, q) => Math.Abs(p - q)).Sum() / 2;

    // The distributions of the active positions, state by state, of states that can be reached.
    private static double[] Of(DiffusionSetup setup, Func<int, long[][], int[], double[][]> moves, int?[]? given = null)
    {
        int tokenCount = setup.Vocabulary.TokenCount, length = setup.Hyperschedule.Length;
        long[][] states = AllStrings.Of(tokenCount + 1, length);
        double[] distribution = [.. states.Select(state => state.Select((token, i) => Start(token, given?[i])).Aggregate((p, q) => p * q))];
        for (int step = 0; step < setup.Hyperschedule.Steps; step++)
        {
            int[] active = [.. Enumerable.Range(0, length)
                .Where(i => setup.Hyperschedule.RegionAt(step, i) == Region.Active && given?[i] is null)];
            if (active.Length == 0)
                continue; // all of them are given
            int[] reached = [.. Enumerable.Range(0, states.Length).Where(n => distribution[n] > 0)];
            double[][] next = moves(step, [.. reached.Select(n => states[n])], active);
            var after = new double[distribution.Length];
            foreach (var (row, from) in reached.Index())
            {
                foreach (long[] values in AllStrings.Of(tokenCount + 1, active.Length))
                {
                    long[] to = [.. states[from]];
                    double p = distribution[from];
                    foreach (var (k, i) in active.Index())
                        p *= next[(row * active.Length) + k][to[i] = values[k]];
                    after[to.Aggregate(0, (index, token) => (index * (tokenCount + 1)) + (int)token)] += p;
                }
            }

            distribution = after;
        }

        return [.. states.Index().Where(entry => !entry.Item.Contains(tokenCount)).Select(entry => distribution[entry.Index])];

        double Start(long token, int? held) => held is null
            ? token == tokenCount ? setup.Start.Mask : setup.Start.Uniform / tokenCount
            : token == held ? 1 : 0;
    }

    private static double[][] Moves(ITokenwise sampler, IDenoiser network, DiffusionSetup setup, int step, long[][] states, int?[]? given)
    {
        using var scope = NewDisposeScope();
        var state = Drawn.State(network, setup, states.Length, RandomStream.Root(0), given is null ? null : Prompt.Of(given));
        states.SelectMany(state => state).ToArray().CopyTo(state.Tokens, 0);
        int[] active = [.. state.Active(step)];
        double[] distributions = state.Predict(step, active, sampler.ConditioningTime(setup, step));
        int size = setup.Vocabulary.Size;
        return [.. active.Select((at, m) =>
        {
            var moment = TokenState.Of(state, step, at);
            var moves = sampler.ProbabilitiesOf(moment);
            double[] distribution = distributions[(m * size)..((m + 1) * size)];
            if (moves.Drawn == 0)
                Array.Clear(distribution);
            else
                sampler.Weigh(distribution, moment, DecodingOptions.AsPredicted);
            distribution = [.. Normalised(distribution).Select(p => moves.Drawn * p)];
            distribution[^1] += moves.Masked;
            distribution[moment.Token] += 1 - moves.Masked - moves.Drawn;
            return distribution;
        })];
    }

    private static double[] Normalised(double[] weights) =>
        weights.Sum() is var total && total > 0 ? Array.ConvertAll(weights, w => w / total) : weights;
}
