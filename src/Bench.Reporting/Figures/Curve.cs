using System.Collections.Immutable;
using Bench.Reporting.Comparisons;
using Bench.Results;

namespace Bench.Reporting.Figures;

/// <summary>A method's training curve in bits per character: the mean over the seeds that logged a step.</summary>
internal static class Curve
{
    // A twentieth of the run to either side shows the trend of a loss whose weights vary.
    private const int Reaches = 20;

    // More points than this are not seen and make the vector files heavy.
    private const int MostPoints = 400;

    /// <summary>One logged step.</summary>
    /// <param name="Tokens">Seen in training.</param>
    /// <param name="Loss">As logged.</param>
    /// <param name="Smooth">A weighted mean of the steps around it.</param>
    /// <param name="Validation">Null where the step was not evaluated.</param>
    /// <param name="Seeds">How many runs the means are over.</param>
    public sealed record Point(long Tokens, double Loss, double Smooth, double? Validation, int Seeds);

    public static ImmutableArray<Point> Of(MethodResult method)
    {
        // A token is a character unless the definition says how many characters it stands for.
        double bits = 1 / Math.Log(2) / (method.Definition.Number("data.characters-per-token") ?? 1);
        var steps = method.Runs
            .SelectMany(run => run.Curve)
            .GroupBy(point => point.Step)
            .OrderBy(group => group.Key)
            .Select(group => (
                group.First().Tokens,
                Loss: group.Average(point => point.Loss) * bits,
                Validation: group.Select(point => point.ValidationBits).OfType<double>().ToArray(),
                Seeds: group.Count()))
            .Where(point => double.IsFinite(point.Loss))
            .ToArray();

        double[] losses = [.. steps.Select(step => step.Loss)];
        int stride = Math.Max(1, (steps.Length + MostPoints - 1) / MostPoints);
        return
        [
            .. steps
                .Select((point, i) => new Point(
                    point.Tokens, point.Loss, Smooth(losses, i, steps.Length / Reaches), point.Validation.Length == 0 ? null : point.Validation.Average(), point.Seeds))
                .Where((point, i) => i % stride == 0 || i == steps.Length - 1 || point.Validation is not null),
        ];
    }

    // Triangular weights. At the start, where the loss falls fast, the window is narrow; at the end, where it is flat,
    // it is one-sided.
    private static double Smooth(ReadOnlySpan<double> losses, int at, int widest)
    {
        int reach = Math.Min(widest, Math.Max(2, at));
        double sum = 0, weights = 0;
        for (int i = Math.Max(0, at - reach); i <= Math.Min(losses.Length - 1, at + reach); i++)
        {
            double weight = 1 + reach - Math.Abs(i - at);
            sum += weight * losses[i];
            weights += weight;
        }

        return sum / weights;
    }
}
