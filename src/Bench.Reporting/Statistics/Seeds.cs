using MathNet.Numerics.Statistics;

namespace Bench.Reporting.Statistics;

/// <summary>One number measured with several seeds.</summary>
internal static class Seeds
{
    /// <summary>
    /// The mean over seeds of what each measured on the same text. Its standard error adds two independent ones in squares: that of the
    /// measurement (the text is a sample, and so are the noise levels), which more seeds on the same text do not lessen, and that of the
    /// seeds. Each arm of an interval is widened in the same way, by Student's t for the seeds, of which there are few.
    /// </summary>
    public static Measurement? Mean(IReadOnlyList<Measurement> found)
    {
        if (found.Count == 0)
            return null;

        double mean = found.Select(number => number.Value).Mean();
        double[] errors = [.. found.Select(number => number.StandardError).OfType<double>()];
        double between = found.Count > 1 ? Variance([.. found.Select(number => number.Value)]) / found.Count : 0;
        double squares = (errors.Length == found.Count ? Square(errors.Mean()) : 0) + between;
        Interval? interval = null;
        if (found.All(number => number.Interval is not null))
        {
            double widened = found.Count > 1 ? Square(PairedTest.Reach(found.Count)) * between : 0;
            double down = found.Average(number => number.Value - number.Interval!.Value.Low),
                up = found.Average(number => number.Interval!.Value.High - number.Value);
            interval = found.Count == 1
                ? found[0].Interval
                : new Interval(mean - Math.Sqrt(Square(down) + widened), mean + Math.Sqrt(Square(up) + widened));
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
        double mean = values.Mean(), error = Math.Sqrt(Variance(values) / values.Count), reach = PairedTest.Reach(values.Count) * error;
        return new Measurement(mean, error > 0 ? error : null) { Interval = new Interval(mean - reach, mean + reach) };
    }

    /// <summary>
    /// The mean over seeds of what each measured on text of its own: those measurements are independent, so that their spread
    /// has the error of each in it already, and the interval is Student's t over them alone. One seed's is the measurement's.
    /// </summary>
    public static Measurement? Independent(IReadOnlyList<Measurement> found) => found.Count switch
    {
        0 => null,
        1 => found[0],
        // one of them is infinite
        _ => Spread([.. found.Select(number => number.Value)]) ?? new Measurement(found.Average(number => number.Value)),
    };

    // What is the same with every seed has no spread, though its last digit may be rounded another way each time.
    private static double Variance(IReadOnlyList<double> values) =>
        values.Variance() is var variance && Math.Sqrt(variance) > 1e-12 * Math.Abs(values[0]) ? variance : 0;

    private static double Square(double x) => x * x;
}
