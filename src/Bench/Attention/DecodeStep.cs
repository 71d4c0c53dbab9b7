using System.Collections.Immutable;
using Bench.Hyperschedules;

namespace Bench.Attention;

/// <summary>A step of generation behind columns whose keys and values are kept: the columns that are still to be computed, and whom each of them may attend to (HDLM, arXiv 2504.06416).</summary>
/// <param name="Kept">K: columns in front that are kept.</param>
/// <param name="Positions">Q positions in the text, and so the rotary angles, of the columns to be computed.</param>
/// <param name="Settled">How many of these, from the first on, became context: they never change again, and can be kept.</param>
/// <param name="Final">How many can be kept once the step is over, when what they predict is settled, too.</param>
/// <param name="Mask">[Q·(K + Q)], query by key; null where everybody sees everybody.</param>
public sealed record DecodeStep(int Kept, ImmutableArray<int> Positions, int Settled, int Final, bool[]? Mask)
{
    /// <summary>The columns of a step that are not kept: those that became context, and the active ones.</summary>
    /// <param name="hyperschedule">The hyperschedule.</param>
    /// <param name="step">The step.</param>
    /// <param name="window">Positions that the network is given; all active ones are among them.</param>
    /// <param name="view">Aligned or shifted, and who attends to whom.</param>
    /// <param name="kept">The positions of the K columns that are kept.</param>
    public static DecodeStep Of(Hyperschedule hyperschedule, int step, int window, BackboneView view, IReadOnlyList<int> kept)
    {
        int columns = window + (view.Shifted && view.Block != AttentionKind.Causal ? 1 : 0);
        return AttentionPattern.Of(hyperschedule, view).Continue(step, columns, kept);
    }
}
