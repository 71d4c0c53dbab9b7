namespace Bench.Sampling;

/// <summary>The masked tokens of one sequence that are denoised together.</summary>
/// <param name="Masked">Their indices, one at least.</param>
/// <param name="Generated">How many were masked at the start.</param>
/// <param name="Share">The share of masks that is left after the step, of those at the start.</param>
/// <param name="IsLast">Whether the step settles them.</param>
internal sealed record MaskedGroup(int[] Masked, int Generated, double Share, bool IsLast)
{
    /// <summary>The groups of a step.</summary>
    public static IEnumerable<MaskedGroup> Of(Canvas canvas, int step)
    {
        var path = canvas.Problem.Path;
        return canvas.Active(step).GroupBy(at => (canvas.Row(at), path.OnsetOf(canvas.Position(at)), path.SettledAfter(canvas.Position(at)))).Select(group =>
        {
            int any = group.First();
            return new MaskedGroup([.. group.Where(canvas.IsMasked)], group.Count(), canvas.Step(step, any).S.Mask / canvas.Problem.At(1).Mask, canvas.Times(step, any).Next == 0);
        }).Where(group => group.Masked.Length > 0);
    }
}
