using Bench.Noise;
using Bench.Objectives;
using Bench.Reference.Hyperschedules;
using static TorchSharp.torch;

namespace Bench.Reference.Objectives;

/// <summary>
/// <see cref="HybridCrossEntropy"/> as the authors' code sums it (HDLM, arXiv 2504.06416): its classes of tokens, its normalisers, the mask
/// as a class like any other.
/// </summary>
/// <remarks>
/// For faithful comparison. Shifted losses of a flat schedule count only targets whose predecessor is visible, though samplers predict all;
/// those along a hyperschedule weigh blocks by their number, and with λ = 0 score settled and worthless positions as next tokens.
/// </remarks>
/// <param name="Loss">The weights of masked, replaced and unchanged tokens.</param>
/// <param name="Epsilon">ε.</param>
/// <param name="IsHybrid">Whether visible tokens are trained on, or masks alone: two functions there.</param>
public sealed record ReleasedHybridLoss(HybridCrossEntropy Loss, double Epsilon, bool IsHybrid)
{
    private long MaskId => Loss.Setup.Vocabulary.MaskId;

    /// <summary>−ln p of each target, the mask being one of the classes.</summary>
    /// <param name="logits">[.., V]</param>
    /// <param name="targets">[..]</param>
    public static Tensor CrossEntropy(Tensor logits, Tensor targets)
    {
        using var scope = NewDisposeScope();
        return logits.log_softmax(-1).gather(-1, targets.unsqueeze(-1)).squeeze(-1).neg().MoveToOuterDisposeScope();
    }

    /// <summary>
    /// A step whose active positions are up to a level cleaner than the grid has them, all by the same amount: training that does not match
    /// generation.
    /// </summary>
    /// <param name="step">On the grid.</param>
    /// <param name="levels">K.</param>
    /// <param name="place">Uniform in (0, 1), one for the whole batch.</param>
    /// <param name="floor">How far from 0 and 1 times stay.</param>
    public static ReleasedStep OffGrid(ReleasedStep step, int levels, double place, double floor) => step with
    {
        Times = [.. step.Times.Select(
            (time, i) => step.Active[i] && !step.Settled[i] ? Math.Clamp(time - ((1 - place) / (levels - 1)), floor, 1 - floor) : time)],
    };

    /// <summary>What each target of a batch counts, all positions of a row at one time: mean over positions.</summary>
    /// <param name="shares">Masked share by row.</param>
    /// <param name="xt">B rows of L noisy tokens.</param>
    /// <param name="redrawn">Which tokens were drawn anew; the draw may have been the same token.</param>
    public double[][] Aligned(double[] shares, long[][] xt, bool[][] redrawn) =>
        Over(xt.Length * xt[0].Length, xt.Select((row, r) => row.Select((_, i) => Weight(shares[r], xt[r][i], redrawn[r][i])).ToArray()));

    /// <summary>The same for targets 1 .. L − 1: those behind a visible token.</summary>
    public double[][] Shifted(double[] shares, long[][] xt, bool[][] redrawn)
    {
        double[][] weights =
            [.. xt.Select(
                (row, r) => row.Skip(1).Select((_, i) => xt[r][i] == MaskId ? 0 : Weight(shares[r], xt[r][i + 1], redrawn[r][i + 1]))
                    .ToArray())];
        return Over(IsHybrid ? weights.Length * weights[0].Length : weights.Sum(row => row.Count(weight => weight != 0)), weights);
    }

    /// <summary>What each target counts in a step of a hyperschedule: mean over active positions.</summary>
    public double[][] Aligned(ReleasedStep step, long[][] xt, bool[][] redrawn) => Over(
        xt.Length * step.Active.Count(active => active),
        xt.Select((row, r) => row.Select((_, i) => step.Active[i] ? Weight(step.Times[i], xt[r][i], redrawn[r][i]) : 0).ToArray()));

    /// <summary>The same for targets 1 .. L − 1, blocks counting from 0 for the first to 1 for the last.</summary>
    /// <param name="step">The step in the shifted view.</param>
    /// <param name="width">Positions of a block.</param>
    /// <param name="xt">B rows of L noisy tokens.</param>
    /// <param name="redrawn">Which tokens were drawn anew.</param>
    public double[][] Shifted(ReleasedStep step, int width, long[][] xt, bool[][] redrawn)
    {
        int positions = xt[0].Length - 1, last = ((positions + width - 1) / width) - 1;
        double Block(int position) => last == 0 ? 1 : (double)(position / width) / last;
        if (IsHybrid)
        {
            double[][] weights =
                [.. xt.Select(
                    (_, r) => Positions(
                        position => step.Active[position + 1] && xt[r][position] != MaskId ? Block(position) * Next(r, position) : 0))];
            return Over(weights.Sum(row => row.Sum()), weights);
        }

        bool Counts(int r, int position) => !step.Active[position + 1] || xt[r][position + 1] == MaskId;
        return Over(
            xt.Select((_, r) => Positions(position => Counts(r, position) ? 1 : 0).Sum()).Sum(),
            xt.Select((_, r) =>
                Positions(position => Counts(r, position) ? Block(position) * (step.Active[position + 1] ? Next(r, position) : 1) : 0)));

        double Next(int r, int position) => Weight(step.Times[position + 1], xt[r][position + 1], redrawn[r][position + 1]);

        double[] Positions(Func<int, double> of) => [.. Enumerable.Range(0, positions).Select(of)];
    }

    private double Weight(double share, long xt, bool redrawn) =>
        Loss.Weight(new EpsilonHybrid(Epsilon).WhereMasked(share), masked: xt == MaskId, unchanged: !redrawn);

    private static double[][] Over(double total, IEnumerable<double[]> weights) =>
        [.. weights.Select(row => Array.ConvertAll(row, weight => weight / total))];
}
