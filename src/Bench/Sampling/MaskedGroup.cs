using Bench.Hyperschedules;

namespace Bench.Sampling;

/// <summary>The masked tokens of one sequence that are denoised together.</summary>
/// <param name="Masked">Their indices, one at least.</param>
/// <param name="Generated">How many were masked at the start.</param>
/// <param name="Share">The share of masks that is left after the step, of those at the start.</param>
/// <param name="IsLast">Whether the step settles them.</param>
internal sealed record MaskedGroup(int[] Masked, int Generated, double Share, bool IsLast)
{
    /// <summary>The groups of a step.</summary>
    public static IEnumerable<MaskedGroup> Of(GenerationState state, int step)
    {
        var hyperschedule = state.Setup.Hyperschedule;
        return state.Active(step)
            .GroupBy(at => (state.Row(at), hyperschedule.OnsetOf(state.Position(at)), hyperschedule.SettledAfter(state.Position(at))))
            .Select(group =>
        {
            int any = group.First();
            return new MaskedGroup([.. group.Where(state.IsMasked)], group.Count(), state.MasksLeft(step, any),
                state.Times(step, any).Next == 0);
        }).Where(group => group.Masked.Length > 0);
    }
}
