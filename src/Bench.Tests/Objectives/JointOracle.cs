using Bench.Noise;

namespace Bench.Tests.Objectives;

/// <summary>The exact distribution of each clean token under a small joint distribution, given the noisy tokens.</summary>
/// <param name="words">N.</param>
/// <param name="joint">Probabilities of all strings of L words.</param>
/// <param name="now">The noise of what is seen.</param>
/// <param name="leavesOutOwn">p(x_i | z_{−i}), which the bound is about; else the posterior p(x_i | z).</param>
/// <param name="given">Which positions are given, and so without noise; null for none.</param>
internal sealed class JointOracle(int words, double[] joint, Marginal now, bool leavesOutOwn = true, bool[]? given = null)
    : SequenceDenoiser(words)
{
    private readonly int words = words;

    protected override double[] Answer(int position, long[] seen)
    {
        var distribution = new double[words];
        foreach (var (n, x) in AllStrings.Of(words, seen.Length).Index())
        {
            double p = joint[n];
            for (int j = 0; j < x.Length; j++)
            {
                var noise = given?[j] == true ? Marginal.Clean : now;
                p *= j == position && leavesOutOwn ? 1 : noise.Probability((int)seen[j], (int)x[j], words);
            }

            distribution[x[position]] += p;
        }

        return [.. distribution.Select(p => Math.Log(p))];
    }
}
