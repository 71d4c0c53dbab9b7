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

    /// <summary>
    /// The mean and its 95 % interval over seeds alone, Student's t; null for fewer than two, whose spread is unknown. It is
    /// what other seeds would give on the same test text, and says nothing of other texts.
    /// </summary>
    public static Measurement? Spread(IReadOnlyList<double> values)
    {
        if (values.Count < 2 || !values.All(double.IsFinite))
            return null;
        double mean = values.Mean(), error = Math.Sqrt(values.Variance() / values.Count), reach = PairedTest.Reach(values.Count) * error;
        return new Measurement(mean, error > 0 ? error : null) { Interval = new Interval(mean - reach, mean + reach) };
    }

    private static double Square(double x) => x * x;
}
