using Bench.Noise.Schedules;
using Bench.Numerics;
using Bench.Sampling;

namespace Bench.Reference.Sampling;

/// <summary>
/// BD3-LM's sampler (arXiv 2503.09573): block behind block, each from masks, its network called again only where something has changed.
/// </summary>
/// <remarks>
/// Times go from 1 to 0 in S values but steps are 1/S long, so that they do not meet; the last one starts at time 0, where its weights are
/// infinite and the first token wins.
/// First hitting reveals one mask a step, which one being as likely as another, and is right.
/// </remarks>
/// <param name="Width">Positions of a block.</param>
/// <param name="Steps">S, for each block.</param>
/// <param name="FirstHitting">Whether each step reveals one mask.</param>
/// <param name="Schedule">σ(t).</param>
public sealed record ReleasedBlocks(int Width, int Steps, bool FirstHitting, INoiseSchedule Schedule)
{
    /// <inheritdoc cref="ReleasedBlocks" path="/param[@name='Width']"/>
    public int Width { get; } = Require.Positive(Width);

    /// <summary>How tokens are chosen; the code offers top-p without the token that crosses p.</summary>
    public DecodingOptions Choice { get; init; } = DecodingOptions.AsPredicted;

    /// <summary>Generates, in place.</summary>
    /// <param name="network">Gives logits.</param>
    /// <param name="x">[B][L] masks, behind what is given.</param>
    /// <param name="maskId">The mask.</param>
    /// <param name="draws">Times, and which mask is revealed.</param>
    /// <param name="pick">The draw; it is given weights.</param>
    public void Run(ReleasedNetwork network, long[][] x, long maskId, IDraws draws, IPick pick)
    {
        for (int begin = 0; begin < x[0].Length; begin += Width)
        {
            double[][][]? distributions = null;
            int end = Math.Min(begin + Width, x[0].Length);
            for (int step = 0; step < Steps && x.Any(row => row.AsSpan(begin, end - begin).Contains(maskId)); step++)
            {
                long[][] prefix = Array.ConvertAll(x, row => row[..end]);
                distributions ??= Predict(network(new ReleasedCall(prefix)), prefix, begin);
                if (FirstHitting)
                    draws.Uniform(); // when it happens, which the network is not given
                double t = Steps == 1 ? 1 : 1 - ((double)step / (Steps - 1));
                if (Take(x, begin, distributions, FirstHitting ? 0 : Stays(t, t - (1.0 / Steps)), draws, pick))
                    distributions = null;
            }
        }
    }

    /// <summary>The probability that a mask stays one from t to s.</summary>
    public double Stays(double t, double s) => Schedule.Jumped(s) / Schedule.Jumped(t);

    /// <summary>The distributions of clean tokens in the last block; visible ones are what they are.</summary>
    /// <param name="outputs">[B][C][V] logits.</param>
    /// <param name="x">[B][C]</param>
    /// <param name="begin">The block's first position.</param>
    /// <returns>[B][w][V]</returns>
    public double[][][] Predict(double[][][] outputs, long[][] x, int begin) =>
        [.. outputs.Select((row, r) => row.Skip(begin).Select((logits, i) => Predict(logits, x[r][begin + i])).ToArray())];

    /// <summary>The weights of one token's next state: π (1 − stays) over tokens, and stays.</summary>
    public static double[] Weigh(double[] distribution, double stays)
    {
        double[] weights = Array.ConvertAll(distribution, p => p * (1 - stays));
        weights[^1] = stays;
        return weights;
    }

    /// <summary>One step of the last block.</summary>
    /// <param name="x">[B][L], changed in place.</param>
    /// <param name="begin">The block's first position.</param>
    /// <param name="distributions">[B][w][V] as predicted.</param>
    /// <param name="stays">The probability that a mask stays one; where each step reveals one mask, 0.</param>
    /// <param name="draws">Which mask is revealed.</param>
    /// <param name="pick">The draw; it is given weights, for visible tokens, too.</param>
    /// <returns>Whether anything has changed.</returns>
    public bool Take(long[][] x, int begin, double[][][] distributions, double stays, IDraws draws, IPick pick)
    {
        bool changed = false;
        int[][] drawn = [.. distributions.Select(row => row.Select(distribution => pick.From(Weigh(distribution, stays))).ToArray())];
        for (int r = 0; r < x.Length; r++)
        {
            int mask = distributions[r][0].Length - 1;
            int[] masked = [.. Enumerable.Range(begin, drawn[r].Length).Where(i => x[r][i] == mask)];
            int[] revealed = FirstHitting && masked.Length > 0 ? [masked[draws.Below(masked.Length)]] : masked;
            foreach (int i in revealed)
            {
                changed |= drawn[r][i - begin] != mask;
                x[r][i] = drawn[r][i - begin];
            }
        }

        return changed;
    }

    private double[] Predict(double[] logits, long xt)
    {
        int mask = logits.Length - 1;
        if (xt != mask)
            return [.. logits.Select((_, y) => y == xt ? 1.0 : 0)];
        double top = logits.Take(mask).Max();
        double[] distribution = [.. logits.Take(mask).Select(logit => Math.Exp(logit - top)), 0];
        double total = distribution.Sum();
        distribution = Array.ConvertAll(distribution, weight => weight / total);
        Choice.Apply(distribution, settles: false);
        return distribution;
    }
}
