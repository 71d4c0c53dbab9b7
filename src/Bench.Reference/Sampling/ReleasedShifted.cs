namespace Bench.Reference.Sampling;

/// <summary>
/// HDLM's shifted ε-hybrid sampler (arXiv 2504.06416): output i − 1 predicts token i, all positions at once, until no mask is left.
/// </summary>
/// <remarks>
/// Adaptive correction is <see cref="ReleasedAlgorithm.Original"/> here. Remasking takes the tokens just filled only, which is right. The
/// shuffle draws visible tokens from the predictions of masked ones, in order, and the mask may be drawn as a token.
/// </remarks>
/// <param name="Algorithm">The step.</param>
/// <param name="Grid">Times.</param>
/// <param name="Penalty">Strength of the penalty on repetition, from the second step on.</param>
public sealed record ReleasedShifted(ReleasedAlgorithm Algorithm, ReleasedGrid Grid, double Penalty = 1.2)
{
    /// <summary>η, which is not to be chosen.</summary>
    public const double Eta = 0.015;

    /// <summary>Generates, in place.</summary>
    /// <param name="network">Gives logits.</param>
    /// <param name="x">[B][L] a first token, and masks behind it or behind a longer beginning.</param>
    /// <param name="maskId">The mask.</param>
    /// <param name="draws">Which tokens move.</param>
    /// <param name="pick">Where they go; it is given logits.</param>
    public void Run(ReleasedNetwork network, long[][] x, long maskId, IDraws draws, IPick pick)
    {
        var penalty = new ReleasedPenalty((int)maskId + 1, Penalty);
        var text = Place.Of(x.Length, 1, x[0].Length);
        for (int step = 0; step < Grid.Steps; step++)
        {
            Place[] masked = [.. text.Where(at => x[at.Row][at.Position] == maskId)];
            if (masked.Length == 0)
                break;
            double[][][] outputs = network(new ReleasedCall(x));
            if (step > 0)
                penalty.Count(x.SelectMany(row => row).Where(token => token != maskId));
            double share = ReleasedMixture.Share(Eta, 1 - Grid.At(step + 1), 1 - Grid.At(step));
            double[] Logits(Place at) => penalty.Of(outputs[at.Row][at.Position - 1]);
            Take(new ReleasedMove(
                x, Algorithm == ReleasedAlgorithm.ReMdm ? at => ReleasedMixture.Of(Logits(at), share) : Logits, maskId, draws, pick), text,
                masked, Grid.Keeps(step));
        }
    }

    private void Take(ReleasedMove move, Place[] text, Place[] masked, double keeps)
    {
        if (Algorithm is ReleasedAlgorithm.Original or ReleasedAlgorithm.Acs)
        {
            move.Draw(move.Chosen(masked, 1 - keeps));
            return;
        }

        move.Draw(masked);
        if (Algorithm == ReleasedAlgorithm.RemaskShuffle && masked.Length < text.Length)
        {
            foreach (var (shuffled, asked) in move.Chosen(text, Eta * keeps).Where(at => !move.WasMasked(at)).Zip(masked))
                move.Tokens[shuffled.Row][shuffled.Position] = move.Pick.From(move.CleanDistribution(asked));
        }

        if (Algorithm != ReleasedAlgorithm.ReMdm)
            move.Mask(move.Chosen(masked, keeps));
    }
}

/// <summary>
/// HDLM's penalty on repetition (arXiv 2504.06416): logits are divided by 1 + (strength − 1)·count/largest count, which raises the negative
/// ones.
/// </summary>
/// <remarks>Counts are those of the whole batch, and a token counts again in every step.</remarks>
/// <param name="size">V, mask included.</param>
/// <param name="strength">1 for none.</param>
internal sealed class ReleasedPenalty(int size, double strength)
{
    private readonly double[] counts = new double[size];

    public void Count(IEnumerable<long> tokens)
    {
        foreach (long token in tokens)
            counts[token]++;
    }

    public double[] Of(double[] logits)
    {
        double most = counts.Max();
        return most == 0 ? logits : [.. logits.Select((logit, y) => logit / (1 + ((strength - 1) * counts[y] / most)))];
    }
}
