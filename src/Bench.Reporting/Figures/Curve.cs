using System.Collections.Immutable;
using Bench.Reporting.Comparisons;
using Bench.Results;

namespace Bench.Reporting.Figures;

/// <summary>A method's validation likelihood in the course of its training: the mean over the seeds that looked at a step.</summary>
internal static class Curve
{
    /// <summary>One look at the validation text.</summary>
    /// <param name="Tokens">Seen in training.</param>
    /// <param name="Bits">Bits per character or token; an upper bound where the method's likelihood is one.</param>
    /// <param name="Seeds">How many runs the mean is over.</param>
    public sealed record Point(long Tokens, double Bits, int Seeds);

    public static ImmutableArray<Point> Of(MethodResult method) =>
    [
        .. from point in method.Runs.SelectMany(run => run.Curve)
           where point.ValidationBits is { } bits && double.IsFinite(bits)
           group point by point.Step into looks
           orderby looks.Key
           select new Point(looks.First().Tokens, looks.Average(look => look.ValidationBits!.Value), looks.Count()),
    ];
}
