using System.Collections.Immutable;
using MathNet.Numerics.Distributions;
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

/// <summary>
/// Student's paired t test: whether two methods differ by more than chance between seeds explains. Pairs share a seed, and with it
/// the order of the data and the noise drawn to evaluate.
/// </summary>
/// <param name="Pairs">How many seeds both have; at least two.</param>
/// <param name="Difference">The mean of the differences, with their 95 % interval; its error is that of the mean.</param>
/// <param name="P">The probability of a mean at least as far from zero where there is no difference; two-sided.</param>
internal sealed record PairedTest(int Pairs, Measurement Difference, double P)
{
    /// <summary>Of differences, one a pair. Null for fewer than two: one difference has no spread to compare with.</summary>
    public static PairedTest? Of(IReadOnlyList<double> differences)
    {
        if (differences.Count < 2 || !differences.All(double.IsFinite))
            return null;
        double mean = differences.Mean(), error = Math.Sqrt(differences.Variance() / differences.Count);
        int freedom = differences.Count - 1;

        // Without any spread t is infinite, or there is no difference at all.
        double p = error > 0 ? 2 * StudentT.CDF(0, 1, freedom, -Math.Abs(mean / error)) : mean == 0 ? 1 : 0;
        double reach = Reach(differences.Count) * error;
        return new PairedTest(differences.Count,
            new Measurement(mean, error > 0 ? error : null) { Interval = new Interval(mean - reach, mean + reach) }, p);
    }

    /// <summary>The mean of such values lies this many of its standard errors about the truth in 95 of 100 cases.</summary>
    /// <param name="count">Of the values; at least two.</param>
    public static double Reach(int count) => StudentT.InvCDF(0, 1, count - 1, 0.975);

    /// <summary>
    /// Holm's adjustment ("A simple sequentially rejective multiple test procedure", 1979): rejecting what comes out below
    /// α is wrong anywhere in the family in at most a share α of cases, however the tests depend on each other.
    /// </summary>
    public static ImmutableArray<double> Holm(IReadOnlyList<double> p)
    {
        double[] adjusted = new double[p.Count];
        double largest = 0;
        foreach (var (rank, i) in Enumerable.Range(0, p.Count).OrderBy(i => p[i]).ThenBy(i => i).Index())
        {
            largest = Math.Max(largest, Math.Min(1, (p.Count - rank) * p[i]));
            adjusted[i] = largest;
        }

        return [.. adjusted];
    }
}

/// <summary>
/// Whether the mean of some independent numbers lies in an open region, or outside it, by one-sided t tests: of equivalence where the
/// region has two ends (Schuirmann 1987, "A comparison of the two one-sided tests procedure"), of a difference where its one end is 0.
/// Doubled, a probability below 0.05 says that the 95 % interval of the mean lies wholly on that side.
/// </summary>
/// <param name="Count">How many numbers there are.</param>
/// <param name="Mean">Their mean, with its 95 % interval.</param>
/// <param name="Inside">The probability of such a mean where the truth is not in the region; one-sided.</param>
/// <param name="Outside">The probability of such a mean where the truth is in the region; one-sided.</param>
internal sealed record RegionTest(int Count, Measurement Mean, double Inside, double Outside)
{
    /// <summary>Of numbers; null for fewer than two, which have no spread.</summary>
    /// <param name="values">The numbers.</param>
    /// <param name="low">The lower end; −∞ for none.</param>
    /// <param name="high">The upper end; ∞ for none.</param>
    public static RegionTest? Of(IReadOnlyList<double> values, double low, double high)
    {
        if (values.Count < 2 || !values.All(double.IsFinite))
            return null;
        double mean = values.Mean(), error = Math.Sqrt(values.Variance() / values.Count);
        double reach = PairedTest.Reach(values.Count) * error;
        double[] ends = [.. new[] { low, high }.Where(double.IsFinite)];

        // Of the truth on the wrong side of an end, the end itself is the hardest to rule out.
        double above = Beyond(mean - low), below = Beyond(high - mean);
        return new RegionTest(
            values.Count,
            new Measurement(mean, error > 0 ? error : null) { Interval = new Interval(mean - reach, mean + reach) },
            Math.Max(above, below),
            Math.Min(1, ends.Length * Math.Min(Beyond(low - mean), Beyond(mean - high))));

        // Of a mean that lies that far on the right side of an end; without spread it does or does not. No end is not in the way.
        double Beyond(double distance) => double.IsPositiveInfinity(distance) ? 0
            : double.IsNegativeInfinity(distance) ? 1
            : error > 0 ? StudentT.CDF(0, 1, values.Count - 1, -distance / error)
            : distance > 0 ? 0 : 1;
    }
}
