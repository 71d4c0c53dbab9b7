using System.Collections.Immutable;
using Bench.Hyperschedules;

namespace Bench.Attention;

/// <summary>
/// A step of generation behind columns whose keys and values are kept: the columns that are still to be computed, and whom each of them may
/// attend to (HDLM, arXiv 2504.06416).
/// </summary>
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

/// <summary>
/// Which views allow the keys and values of settled tokens to be kept from one step of generation to the next (HDLM, arXiv 2504.06416).
/// </summary>
public static class Caching
{
    /// <summary>
    /// Whether what a settled token looks at never changes afterwards: everything that it sees settles no later than it does, or too late
    /// to be of use to anybody.
    /// </summary>
    /// <remarks>
    /// Causal and block-causal contexts always allow it, as here a block-causal context goes by the order in which positions settle; a full
    /// one only where no step follows the settling of a second block. In a shifted view a column may be kept as soon as the position that
    /// it predicts is settled.
    /// </remarks>
    /// <exception cref="ArgumentException">The view does not go with the hyperschedule at all.</exception>
    public static bool IsCacheable(Hyperschedule hyperschedule, BackboneView view)
    {
        _ = AttentionPattern.Of(hyperschedule, view);
        if (view.Context != AttentionKind.Full)
            return true;
        int first = Enumerable.Range(0, hyperschedule.Length).Min(hyperschedule.SettledAfter);
        return Enumerable.Range(0, hyperschedule.Length)
            .All(i => hyperschedule.SettledAfter(i) == first || hyperschedule.SettledAfter(i) == hyperschedule.Steps);
    }
}
