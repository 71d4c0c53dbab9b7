using Bench.Noise;
using Bench.Noise.Schedules;
using Bench.Sampling;

namespace Bench.Reference.Sampling;

/// <summary>
/// GIDD's sampler (arXiv 2503.04482): the reverse step of <see cref="ReverseDistribution"/> along a grid whose noisiest time is never used,
/// and whose last step goes nowhere.
/// </summary>
/// <remarks>
/// So it starts from masks at a time at which some tokens are visible already, and ends with what the least time leaves of noise.
/// </remarks>
/// <param name="Process">The noise.</param>
/// <param name="Steps">N, which make N − 1 moves.</param>
/// <param name="Floor">How far times stay from 0 and 1.</param>
public sealed record ReleasedGiddSampler(Gidd Process, int Steps, double Floor = 1e-4)
{
    private static readonly LogLinear Clock = new(0);

    /// <summary>Probabilities below this count nothing.</summary>
    public double Least { get; init; }

    /// <summary>Generates, in place.</summary>
    /// <param name="network">Gives logits.</param>
    /// <param name="z">[B][L] masks.</param>
    /// <param name="pick">The draw; it is given probabilities.</param>
    public void Run(ReleasedNetwork network, long[][] z, IPick pick)
    {
        for (int i = Steps - 1; i >= 0; i--)
        {
            double t = At(i), s = At(Math.Max(0, i - 1));
            double[][][] outputs = network(new ReleasedCall(z) { Sigma = [.. z[0].Select(_ => Clock.Sigma(t))] });
            foreach (var (row, position) in Place.Of(z.Length, 0, z[0].Length))
                z[row][position] = pick.From(Distribution(outputs[row][position], z[row][position], s, t));
        }
    }

    /// <summary>Time i, from 0 to N.</summary>
    public double At(int i) => Floor + ((1 - (2 * Floor)) * i / Steps);

    /// <summary>The distribution of a token's next state.</summary>
    /// <param name="logits">N + 1 of them; the mask's does not count.</param>
    /// <param name="zt">The current token.</param>
    /// <param name="s">The time after the step.</param>
    /// <param name="t">The time before it.</param>
    /// <returns>N + 1 probabilities.</returns>
    public double[] Distribution(double[] logits, long zt, double s, double t)
    {
        int mask = logits.Length - 1;
        var (after, before) = (Process.At(Clock.Sigma(s)), Process.At(Clock.Sigma(t)));
        double top = logits.Take(mask).Max();
        double[] distribution = [.. logits.Take(mask).Select(logit => Math.Exp(logit - top)), 0];
        Scale(distribution, 1);
        ReverseDistribution.Weigh(distribution, zt, after, before, Process.Chain);
        double stays = zt == mask ? ReverseDistribution.MaskStays(after, before, Process.Chain) : 0;
        Scale(distribution, 1 - stays);
        if (zt == mask)
            distribution[mask] = stays;
        if (Least > 0)
        {
            distribution = Array.ConvertAll(distribution, p => p < Least ? 0 : p);
            Scale(distribution, 1);
        }

        return distribution;
    }

    private static void Scale(double[] distribution, double total)
    {
        double factor = total / distribution.Sum();
        for (int y = 0; y < distribution.Length; y++)
            distribution[y] *= factor;
    }
}
