using MathNet.Numerics.Statistics;

namespace Bench.Reporting.Numbers;

/// <summary>One number measured with several seeds.</summary>
internal static class Seeds
{
    /// <summary>
    /// The mean over seeds. Its standard error adds two independent ones in squares: that of the measurement (the text
    /// is a sample, and so are the noise levels), which more seeds on the same text do not lessen, and that of the seeds.
    /// Each arm of an interval is widened in the same way.
    /// </summary>
    public static Measurement? Mean(IReadOnlyList<Measurement> found)
    {
        if (found.Count == 0)
            return null;

        double mean = found.Select(number => number.Value).Mean();
        double[] errors = [.. found.Select(number => number.StandardError).OfType<double>()];
        double between = found.Count > 1 ? found.Select(number => number.Value).Variance() / found.Count : 0;
        double squares = (errors.Length == found.Count ? Square(errors.Mean()) : 0) + between;
        Interval? interval = null;
        if (found.All(number => number.Interval is not null))
        {
            double widened = Square(Interval.Reach) * between;
            double down = found.Average(number => number.Value - number.Interval!.Value.Low), up = found.Average(number => number.Interval!.Value.High - number.Value);
            interval = found.Count == 1 ? found[0].Interval : new Interval(mean - Math.Sqrt(Square(down) + widened), mean + Math.Sqrt(Square(up) + widened));
        }

        return new Measurement(mean, squares > 0 ? Math.Sqrt(squares) : null) { Interval = interval };
    }

    private static double Square(double x) => x * x;
}
