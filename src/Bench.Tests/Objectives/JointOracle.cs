using Bench.Noise;

namespace Bench.Tests.Objectives;

/// <summary>The exact distribution of each clean token under a small joint distribution, given the noisy tokens.</summary>
/// <param name="tokenCount">N.</param>
/// <param name="joint">Probabilities of all strings of L tokens.</param>
/// <param name="now">The noise of what is seen.</param>
/// <param name="leavesOutOwn">p(x_i | z_{−i}), which the bound is about; else the posterior p(x_i | z).</param>
/// <param name="given">Which positions are given, and so without noise; null for none.</param>
internal sealed class JointOracle(int tokenCount, double[] joint, Marginal now, bool leavesOutOwn = true, bool[]? given = null)
    : SequenceDenoiser(tokenCount)
{
    private readonly int tokenCount = tokenCount;

    protected override double[] Answer(int position, long[] seen)
    {
        var distribution = new double[tokenCount];
        foreach (var (n, x) in AllStrings.Of(tokenCount, seen.Length).Index())
        {
            double p = joint[n];
            for (int j = 0; j < x.Length; j++)
            {
                var noise = given?[j] == true ? Marginal.Clean : now;
                p *= j == position && leavesOutOwn ? 1 : noise.Probability((int)seen[j], (int)x[j], tokenCount);
            }

            distribution[x[position]] += p;
        }

        return [.. distribution.Select(p => Math.Log(p))];
    }
}
