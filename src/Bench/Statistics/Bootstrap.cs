using Bench.Numerics;
using MathNet.Numerics.Statistics;

namespace Bench.Statistics;

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
