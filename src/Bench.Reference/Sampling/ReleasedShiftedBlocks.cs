using Bench.Attention;
using Bench.Hyperschedules;
using Bench.Reference.Attention;
using Bench.Reference.Hyperschedules;

namespace Bench.Reference.Sampling;

/// <summary>
/// HDLM's shifted ε-hybrid sampler along a hyperschedule (arXiv 2504.06416): only masks of active positions move, and steps without any are
/// left out.
/// </summary>
/// <remarks>
/// Adaptive correction reveals masks a little more often instead of correcting anything; "remdm" has a share of masks that is η in nearly
/// every step; revealing divides logits by the temperature, which the draw does once more. The shuffle fails there, and is not offered
/// here.
/// </remarks>
/// <param name="Algorithm">The step.</param>
/// <param name="Path">The hyperschedule.</param>
/// <param name="Context">How settled tokens attend among themselves.</param>
/// <param name="Block">How active ones do.</param>
/// <param name="BlockSize">Width of the blocks of a block-causal context: ω + 1 in the public code.</param>
public sealed record ReleasedShiftedBlocks(
    ReleasedAlgorithm Algorithm, IReleasedSchedule Path, AttentionKind Context, AttentionKind Block, int BlockSize)
{
    /// <summary>η, which is not to be chosen.</summary>
    public const double Eta = 0.015;

    /// <summary>The step.</summary>
    public ReleasedAlgorithm Algorithm { get; } = Algorithm != ReleasedAlgorithm.RemaskShuffle ? Algorithm
        : throw new NotSupportedException("this sampler has no shuffle; take ReleasedShifted, or remask without it");

    /// <summary>How far noise times stay from 0 and 1.</summary>
    public double Floor { get; init; } = 1e-5;

    /// <summary>By what logits of revealed masks are divided, beside the temperature of the draw.</summary>
    public double Temperature { get; init; } = 1;

    /// <summary>Strength of the penalty on repetition, from the second step on.</summary>
    public double Penalty { get; init; } = 1.2;

    /// <summary>Generates, in place.</summary>
    /// <inheritdoc cref="ReleasedShifted.Run"/>
    public void Run(ReleasedNetwork network, long[][] x, long maskId, IDraws draws, IPick pick)
    {
        int length = x[0].Length, end = Path.EndOf(length);
        var penalty = new ReleasedPenalty((int)maskId + 1, Penalty);
        for (int step = 1; step < end; step++)
        {
            var now = ReleasedStep.Shifted(Path, step, length, Floor);
            Place[] masked = [.. Place.Of(x.Length, 1, length).Where(at => now.Active[at.Position] && x[at.Row][at.Position] == maskId)];
            if (masked.Length == 0)
                continue;
            double[][][] outputs = network(new ReleasedCall(x)
            {
                Sees = AttentionMasks.Step(
                    length, Path.SettledAt(step), now.Active.LastIndexOf(true), Context, Block, BlockSize, shifted: true,
                    postActive: false),
            });
            if (step > 1)
                penalty.Count(x.SelectMany(row => row).Where(token => token != maskId));
            double[] reveals = Reveals(now, step + 1 < end ? ReleasedStep.Shifted(Path, step + 1, length, Floor) : now);
            Take(new ReleasedMove(x, at => Distribution(penalty.Of(outputs[at.Row][at.Position - 1]), reveals), maskId, draws, pick),
                masked, reveals);
            penalty.Count(masked.Select(at => x[at.Row][at.Position]).Where(token => token != maskId));
        }
    }

    private static double[] Reveals(ReleasedStep now, ReleasedStep next) =>
        [.. now.Times.Select((t, i) => now.Finishing[i] ? 1 : Math.Clamp(1 - (next.Times[i] / t), 0, 1))];

    private double[] Distribution(double[] logits, double[] reveals)
    {
        if (Algorithm == ReleasedAlgorithm.Remask)
            return logits;
        if (Algorithm != ReleasedAlgorithm.ReMdm)
            return Array.ConvertAll(logits, logit => logit / Math.Max(Temperature, 1e-5));
        double alpha = 1 - reveals.Skip(1).Average(); // for both times
        return ReleasedMixture.Of(logits, ReleasedMixture.Share(Eta, alpha, alpha));
    }

    private void Take(ReleasedMove move, Place[] masked, double[] reveals)
    {
        double Reveal(Place at) => reveals[at.Position];
        switch (Algorithm)
        {
            case ReleasedAlgorithm.Original:
                move.Draw(move.Chosen(masked, Reveal));
                break;
            case ReleasedAlgorithm.Acs:
                Place[] revealed = move.Chosen(masked, Reveal), corrected = move.Chosen(masked, at => Eta * (1 - Reveal(at)));
                move.Draw(revealed);
                move.Draw(corrected);
                break;
            default:
                move.Draw(masked);
                if (Algorithm == ReleasedAlgorithm.Remask)
                    move.Mask(move.Chosen(masked, at => 1 - Reveal(at)));
                break;
        }
    }
}
