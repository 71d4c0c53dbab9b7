using System.Collections.Immutable;
using Bench.Hyperschedules;

namespace Bench.Attention;

/// <summary>
/// A decoding step behind cached slots: the slots that are still to be computed, and their attention mask (HDLM, arXiv 2504.06416).
/// </summary>
/// <param name="Kept">K: cached slots, in front.</param>
/// <param name="Positions">Q positions in the text, and so the rotary angles, of the slots to be computed.</param>
/// <param name="Settled">How many of these, from the first on, became context: they never change again, and can be kept.</param>
/// <param name="Final">How many can be kept once the step is over, when what they predict is settled, too.</param>
/// <param name="Mask">[Q·(K + Q)], query by key; null for full attention.</param>
public sealed record DecodeStep(int Kept, ImmutableArray<int> Positions, int Settled, int Final, bool[]? Mask)
{
    /// <summary>The slots of a step that are not cached: those that became context, and the active ones.</summary>
    /// <param name="hyperschedule">The hyperschedule.</param>
    /// <param name="step">The step.</param>
    /// <param name="window">Positions that the network is given; all active ones are among them.</param>
    /// <param name="view">Aligned or shifted, and the attention mask.</param>
    /// <param name="kept">The positions of the K cached slots.</param>
    public static DecodeStep Of(Hyperschedule hyperschedule, int step, int window, BackboneView view, IReadOnlyList<int> kept)
    {
        int slots = window + (view.Shifted && view.Block != AttentionKind.Causal ? 1 : 0);
        return AttentionPattern.Of(hyperschedule, view).Continue(step, slots, kept);
    }
}

/// <summary>
/// Which views allow the keys and values of settled tokens to be cached from one step of generation to the next (HDLM, arXiv 2504.06416).
/// </summary>
public static class Caching
{
    /// <summary>Whether keys and values can be kept, and are ever looked at again.</summary>
    public static bool IsOfUse(Hyperschedule hyperschedule, BackboneView view) =>
        hyperschedule.NeedsContext && IsCacheable(hyperschedule, view);

    /// <summary>
    /// Whether what a settled token attends to never changes afterwards: all of it settles no later than the token does, or too late
    /// to matter.
    /// </summary>
    /// <remarks>
    /// Causal and block-causal contexts always allow it, as here a block-causal context goes by the order in which positions settle; a full
    /// one only where no step follows the settling of a second block. In a shifted view a slot may be cached as soon as the position that
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
