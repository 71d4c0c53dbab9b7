using Bench.Attention;
using Bench.Hyperschedules;
using Bench.Noise;
using Bench.Noise.Schedules;
using Bench.Reference.Attention;
using Bench.Reference.Hyperschedules;
using Bench.Sampling.Samplers;

namespace Bench.Reference.Sampling;

/// <summary>
/// HDLM's γ-hybrid sampler along a hyperschedule (arXiv 2504.06416), over the whole sequence or over a prefix that grows with the window.
/// </summary>
/// <remarks>
/// A position takes K steps, the last of which hardly moves it: it goes to nearly the clean end, not all the way, from a time that is
/// nearly there already.
/// </remarks>
/// <param name="Analytic">The step.</param>
/// <param name="Schedule">σ(t).</param>
/// <param name="Path">The hyperschedule.</param>
/// <param name="Context">How settled tokens attend among themselves.</param>
/// <param name="Block">How active ones do.</param>
/// <param name="BlockSize">ω, the width of the blocks of a block-causal context.</param>
public sealed record ReleasedPredictor(
    ReleasedAnalytic Analytic, INoiseSchedule Schedule, IReleasedSchedule Path, AttentionKind Context, AttentionKind Block, int BlockSize)
{
    // The total noise of what the public code calls the limiting distribution, whatever the schedule.
    private const double Limit = 4;

    /// <summary>Whether the network sees a prefix only.</summary>
    public bool Grows { get; init; }

    /// <summary>ε: how far noise times stay from 0 and 1.</summary>
    public double Floor { get; init; } = 1e-4;

    /// <summary>
    /// Draws what generation starts from: the noise of σ = 4, without what that leaves clean. With γ = 0 no number is used.
    /// </summary>
    /// <returns>[B][L]</returns>
    public long[][] Start(int rows, int length, int tokenCount, IDraws draws)
    {
        long[][] x = [.. Enumerable.Range(0, rows).Select(_ => Enumerable.Repeat((long)tokenCount, length).ToArray())];
        if (Analytic.Gamma == 0)
            return x;
        double share = new GammaHybrid(Analytic.Gamma).At(Limit).Mixing.MaskProbability;
        var all = Place.Of(rows, 0, length);
        bool[] masked = Array.ConvertAll(all, _ => draws.Happens(share));
        int[] drawn = Array.ConvertAll(all, _ => draws.Below(tokenCount));
        foreach (var (i, at) in all.Index())
            x[at.Row][at.Position] = masked[i] ? tokenCount : drawn[i];
        return x;
    }

    /// <summary>Generates, in place.</summary>
    /// <param name="network">Gives log-scores.</param>
    /// <param name="x">[B][L] as <see cref="Start"/> draws it.</param>
    /// <param name="pick">The draw; it is given weights.</param>
    public void Run(ReleasedNetwork network, long[][] x, IPick pick)
    {
        int length = x[0].Length, end = Path.EndOf(length);
        for (int step = 1; step < end; step++)
        {
            int positions = Grows ? Path.LevelsAt(step, length).Count(level => level < Path.Worthless) : length;
            var now = ReleasedStep.Aligned(Path, step, positions, Floor);
            double[][][] outputs = network(new ReleasedCall(Array.ConvertAll(x, row => row[..positions]))
            {
                Sigma = [.. now.Times.Select(Schedule.Sigma)],
                Sees = AttentionMasks.Step(
                    positions, Path.SettledAt(step) - 1, now.Active.LastIndexOf(true), Context, Block, BlockSize, shifted: false,
                    postActive: false),
            });
            foreach (var (row, position) in Place.Of(x.Length, 0, positions))
            {
                // Settled and waiting tokens are drawn for, too.
                int token =
                    pick.From(Analytic.Weigh(outputs[row][position], x[row][position], Delta(now, position), now.Finishing[position]));
                if (now.Active[position])
                    x[row][position] = token;
            }
        }
    }

    // Δ of a step by one level, or nearly to the end of the time range.
    private double Delta(ReleasedStep now, int position)
    {
        double nearly = Grows ? 0.9 : 0.99, cleanest = 10 * Floor, t = now.Times[position];
        double length = now.Settled[position] ? nearly * Floor : now.Finishing[position] ? nearly * cleanest
            : (1 - (2 * cleanest)) / (Path.Worthless - 1);
        return Schedule.Sigma(t) - Schedule.Sigma(t - length);
    }
}

/// <summary>
/// The analytic step of HDLM's γ-hybrids (arXiv 2504.06416): <see cref="Tweedie"/> with scores one step earlier that are right to first
/// order in Δ only, for 0 &lt; γ &lt; 1.
/// </summary>
/// <remarks>A step along a hyperschedule of few levels is long: the first of K = 3 has Δ = 4.4.</remarks>
/// <param name="Gamma">γ, the uniform share of the rates.</param>
public sealed record ReleasedAnalytic(double Gamma)
{
    private readonly GammaHybrid process = new(Gamma);

    /// <summary>Weights of a token's next state; they may be negative.</summary>
    /// <param name="logScores">N + 1 of them, the mask's last; that of the current token does not count.</param>
    /// <param name="xt">The current token.</param>
    /// <param name="delta">Δ = σ_t − σ_s.</param>
    /// <param name="finishing">Whether no mask may be left.</param>
    public double[] Weigh(double[] logScores, long xt, double delta, bool finishing)
    {
        int tokenCount = logScores.Length - 1;
        double[] scores = [.. logScores.Select((score, y) => y == xt ? 1 : Math.Exp(score))];
        double total = scores.Take(tokenCount).Sum();
        var (earlier, step) = (ReleasedStaggered.Of(Gamma, delta, tokenCount), process.At(delta));
        double[] weights = [.. scores.Select((score, y) =>
            (y < tokenCount ? (earlier.Own * score) + (earlier.Tokens * total) : score + (earlier.Mask * total))
                * step.Probability((int)xt, y, tokenCount))];
        if (finishing)
            weights[tokenCount] = 0;
        return weights;
    }
}

/// <summary>The earlier scores of γ-hybrid noise as HDLM's public sampler computes them.</summary>
/// <remarks>
/// An average of two exponentials where the exponential of the average is meant: right to first order in Δ only. <see cref="Staggered.Of"/>
/// is exact.
/// </remarks>
public static class ReleasedStaggered
{
    /// <summary>(1 − γ) times the absorbing form plus γ times the uniform one, both over the whole of Δ.</summary>
    /// <param name="gamma">γ, the uniform share of the rates.</param>
    /// <param name="delta">Δ = σ_t − σ_s.</param>
    /// <param name="tokenCount">N.</param>
    public static Staggered Of(double gamma, double delta, int tokenCount)
    {
        var (masking, drawing) = (Staggered.Of(new Absorbing().At(delta), tokenCount), Staggered.Of(new Uniform().At(delta), tokenCount));
        double Mix(double absorbing, double uniform) => ((1 - gamma) * absorbing) + (gamma * uniform);
        return new(Mix(masking.Own, drawing.Own), Mix(masking.Tokens, drawing.Tokens), Mix(masking.Mask, drawing.Mask));
    }
}
