using Bench.Backbone;
using Bench.Sampling.Samplers;

namespace Bench.Reference.Sampling;

/// <summary>
/// SEDD's sampler (arXiv 2310.16834): S analytic steps from time 1 to nearly 0, and one that removes what noise is left. Right, but for
/// float32 and visible tokens drawn for, too.
/// </summary>
/// <param name="Setup">The noise.</param>
/// <param name="Grid">S and the last time.</param>
public sealed record ReleasedScoreSampler(DiffusionSetup Setup, ReleasedGrid Grid)
{
    private static readonly Analytic Step = new(ScaledBySigma: false);

    /// <summary>Generates, in place.</summary>
    /// <param name="network">Gives log-scores.</param>
    /// <param name="x">[B][L] noise.</param>
    /// <param name="pick">The draw; it is given weights.</param>
    public void Run(ReleasedNetwork network, long[][] x, IPick pick)
    {
        // Uniform noise has no mask to draw.
        int states = Setup.Vocabulary.TokenCount + (Setup.Start.MaskProbability > 0 ? 1 : 0);
        for (int step = 0; step <= Grid.Steps; step++)
        {
            double t = Grid.At(step), s = step < Grid.Steps ? t - ((1 - Grid.Floor) / Grid.Steps) : 0;
            double[][][] outputs = network(new ReleasedCall(x) { Sigma = [.. x[0].Select(_ => Setup.Schedule.Sigma(t))] });
            foreach (var (row, position) in Place.Of(x.Length, 0, x[0].Length))
            {
                double[] distribution = [.. outputs[row][position]];
                Step.Weigh(Setup, distribution, x[row][position], t, s);
                x[row][position] = pick.From(distribution.AsSpan(0, s == 0 ? Setup.Vocabulary.TokenCount : states));
            }
        }
    }
}
