using Bench.Hyperschedules;

namespace Bench.Attention;

/// <summary>Which views allow the keys and values of settled tokens to be kept from one step of generation to the next (HDLM, arXiv 2504.06416).</summary>
public static class Caching
{
    /// <summary>Whether what a settled token looks at never changes afterwards: everything that it sees settles no later than it does, or too late to be of use to anybody.</summary>
    /// <remarks>
    /// Causal and block-causal contexts always allow it, as here a block-causal context goes by the order in which positions settle; a full one only where no step
    /// follows the settling of a second block. In a shifted view a column may be kept as soon as the position that it predicts is settled.
    /// </remarks>
    /// <exception cref="ArgumentException">The view does not go with the hyperschedule at all.</exception>
    public static bool IsCacheable(Hyperschedule hyperschedule, BackboneView view)
    {
        _ = AttentionPattern.Of(hyperschedule, view);
        if (view.Context != AttentionKind.Full)
            return true;
        int first = Enumerable.Range(0, hyperschedule.Length).Min(hyperschedule.SettledAfter);
        return Enumerable.Range(0, hyperschedule.Length).All(i => hyperschedule.SettledAfter(i) == first || hyperschedule.SettledAfter(i) == hyperschedule.Steps);
    }
}
