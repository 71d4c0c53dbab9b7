using Bench.Numerics;
using MathNet.Numerics.Statistics;

namespace Bench.Statistics;

/// <summary>A statistic over sequences, and how far to trust it.</summary>
/// <param name="Value">The statistic of the sequences that there are; NaN where it is not defined.</param>
/// <param name="StandardError">How much it would vary with other sequences of the same kind; null where it cannot be estimated.</param>
/// <param name="Low">The lower end of the 95 % interval; null likewise.</param>
/// <param name="High">Its upper end.</param>
/// <param name="Count">How many sequences it rests on.</param>
public sealed record Estimate(double Value, double? StandardError, double? Low, double? High, int Count)
{
    /// <summary>The normal distribution has 95 % of its mass within so many standard deviations.</summary>
    private const double Normal95 = 1.959963984540054;

    /// <summary>A value whose error is not known.</summary>
    public static Estimate Bare(double value, int count) => new(value, null, null, null, count);

    /// <summary>Of a value that varies by the normal distribution; an error that is not a number is not known.</summary>
    public static Estimate Normal(double value, double error, int count) =>
        double.IsFinite(error) ? new(value, error, value - (Normal95 * error), value + (Normal95 * error), count) : Bare(value, count);

    /// <summary>Of a quantity that lies in [0, 1]: so does its interval.</summary>
    public Estimate OfShare() => this with
    {
        Low = Low is { } low ? Math.Max(0, low) : null,
        High = High is { } high ? Math.Min(1, high) : null,
    };
}

/// <summary>
/// The jackknife over sequences (Tukey 1958): the statistic without each sequence in turn; (n − 1)/n times the sum of squares about their
/// mean is its variance. The interval is the normal one.
/// </summary>
public static class Jackknife
{
    /// <summary>As text.</summary>
    public const string Protocol = "jackknife over sequences, normal interval";

    /// <summary>Of a statistic of one sample or of several independent ones, whose variances add up.</summary>
    /// <param name="value">The statistic of all sequences.</param>
    /// <param name="without">For each sample, the statistic without each of its sequences. The first sample gives the count.</param>
    public static Estimate Of(double value, params ReadOnlySpan<double[]> without)
    {
        double variance = 0;
        foreach (double[] sample in without)
        {
            double mean = sample.Length < 2 ? double.NaN : sample.Average();
            variance += (sample.Length - 1.0) / sample.Length * sample.Sum(left => (left - mean) * (left - mean));
        }

        return Estimate.Normal(value, Math.Sqrt(variance), without.Length == 0 ? 0 : without[0].Length);
    }
}

/// <summary>
/// The bootstrap over sequences (Efron 1979): the statistic of as many sequences drawn with replacement from those that there are, over and
/// over. Its spread is the standard error, and its 2.5 % and 97.5 % quantiles are the interval.
/// </summary>
/// <remarks>
/// Not for statistics that compare sequences with each other: drawn twice, a sequence looks like a repetition. <see cref="Jackknife"/> is
/// for those.
/// </remarks>
/// <param name="Draws">Resample r takes draw i for its i-th sequence: statistics over the same sequences are resampled alike.</param>
/// <param name="Resamples">How many.</param>
public sealed record Bootstrap(RandomStream Draws, int Resamples = 1000)
{
    /// <inheritdoc cref="Bootstrap" path="/param[@name='Resamples']"/>
    public int Resamples { get; } = Require.AtLeast(Resamples, 2);

    /// <summary>As text.</summary>
    public string Protocol => $"bootstrap over sequences, {Resamples} resamples";

    /// <summary>Of any statistic; resamples of which it is no finite number are left out.</summary>
    /// <param name="count">How many sequences there are.</param>
    /// <param name="statistic">From the numbers of the sequences that were drawn.</param>
    public Estimate Of(int count, Func<int[], double> statistic)
    {
        int[] drawn = [.. Enumerable.Range(0, count)];
        double value = count > 0 ? statistic(drawn) : double.NaN;
        if (count < 2 || !double.IsFinite(value))
            return Estimate.Bare(value, count);
        var values = new double[Resamples];
        for (int resample = 0; resample < Resamples; resample++)
        {
            for (int i = 0; i < count; i++)
                drawn[i] = Draws.Below(count, resample, i);
            values[resample] = statistic(drawn);
        }

        double[] sorted = [.. values.Where(double.IsFinite).Order()];
        return sorted.Length < 2
            ? Estimate.Bare(value, count)
            : new(value, sorted.StandardDeviation(), SortedArrayStatistics.Quantile(sorted, 0.025),
                SortedArrayStatistics.Quantile(sorted, 0.975), count);
    }

    /// <summary>Of a mean over the sequences that have a value; NaN is none.</summary>
    public Estimate OfMean(IEnumerable<double> values)
    {
        double[] present = [.. values.Where(value => !double.IsNaN(value))];
        return Of(present.Length, drawn => drawn.Sum(i => present[i]) / drawn.Length);
    }

    /// <summary>Of a ratio of two sums over sequences.</summary>
    public Estimate OfRatio(double[] numerators, double[] denominators)
    {
        Require.Length(numerators.Length, denominators.Length);
        return Of(numerators.Length, drawn => drawn.Sum(i => numerators[i]) / drawn.Sum(i => denominators[i]));
    }
}
