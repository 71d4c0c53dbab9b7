using Bench.Numerics;
using Bench.Sampling.Samplers;

namespace Bench.Reference.Sampling;

/// <summary>
/// HDLM's aligned ε-hybrid samplers (arXiv 2504.06416): all positions at once, or block by block, each with all steps of a grid, with full
/// attention and without a cache.
/// </summary>
/// <remarks>
/// With <see cref="ReleasedAlgorithm.Original"/> the distribution is that of <see cref="Ancestral"/> for absorbing noise. Remasking takes
/// all of the prefix, finished blocks included.
/// The mask may be drawn as a token.
/// </remarks>
/// <param name="Algorithm">The step.</param>
/// <param name="Grid">Times of a block.</param>
/// <param name="Eta">η: how often visible tokens are drawn anew, or masks stay.</param>
public sealed record ReleasedAligned(ReleasedAlgorithm Algorithm, ReleasedGrid Grid, double Eta)
{
    /// <summary>Tokens at the front that are given and put back after each step.</summary>
    public int Given { get; init; }

    /// <summary>Positions of a block; null for all.</summary>
    public int? Width { get; init; }

    /// <summary>Generates, in place.</summary>
    /// <param name="network">Gives logits.</param>
    /// <param name="x">[B][L] masks behind what is given.</param>
    /// <param name="maskId">The mask.</param>
    /// <param name="draws">Which tokens move.</param>
    /// <param name="pick">Where they go; it is given logits.</param>
    public void Run(ReleasedNetwork network, long[][] x, long maskId, IDraws draws, IPick pick)
    {
        int length = x[0].Length, width = Require.Positive(Width ?? length);
        for (int begin = 0; begin < length; begin += width)
        {
            int end = Math.Min(length, begin + width);
            for (int step = 0; step < Grid.Steps; step++)
            {
                long[][] prefix = Array.ConvertAll(x, row => row[..end]);
                double[][][] outputs = network(new ReleasedCall(prefix));
                double share = ReleasedMixture.Share(Eta, 1 - Grid.At(step + 1), 1 - Grid.At(step));
                Func<Place, double[]> distributions = at => outputs[at.Row][at.Position];
                Take(new ReleasedMove(
                    prefix, Algorithm == ReleasedAlgorithm.ReMdm ? at => ReleasedMixture.Of(distributions(at), share) : distributions,
                    maskId, draws, pick),
                    begin, Grid.Keeps(step));
                for (int row = 0; row < x.Length; row++)
                    prefix[row].AsSpan(Math.Min(Given, end)).CopyTo(x[row].AsSpan(Math.Min(Given, end)));
            }
        }
    }

    private void Take(ReleasedMove move, int begin, double keeps)
    {
        var all = Place.Of(move.Tokens.Length, 0, move.Tokens[0].Length);
        bool IsIn(Place at) => at.Position >= begin;
        bool MayBeCorrected(Place at) => IsIn(at) && !move.WasMasked(at);
        switch (Algorithm)
        {
            case ReleasedAlgorithm.Original:
                move.Draw(move.Chosen(all, 1 - keeps).Where(at => IsIn(at) && move.WasMasked(at)));
                break;
            case ReleasedAlgorithm.Acs:
                Place[] revealed = move.Chosen(all, 1 - keeps), redrawn = move.Chosen(all, Eta * keeps);
                move.Draw(revealed.Where(at => IsIn(at) && move.WasMasked(at)));
                move.Draw(redrawn.Where(MayBeCorrected));
                break;
            case ReleasedAlgorithm.Remask:
                move.Draw(all.Where(move.WasMasked));
                move.Mask(move.Chosen(all, keeps));
                break;
            case ReleasedAlgorithm.RemaskShuffle:
                Place[] shuffled = move.Chosen(all, Eta * keeps);
                move.Draw(all.Where(move.WasMasked));
                move.Draw(shuffled.Where(MayBeCorrected));
                move.Mask(move.Chosen(all, keeps));
                break;
            default:
                move.DrawMasked(all);
                break;
        }
    }
}
