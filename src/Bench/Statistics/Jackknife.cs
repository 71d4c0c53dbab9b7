namespace Bench.Statistics;

/// <summary>
/// The jackknife over sequences (Tukey 1958): the statistic without each sequence in turn; (n − 1)/n times the sum of squares about their mean is its variance. The interval is the
/// normal one.
/// </summary>
public static class Jackknife
{
    /// <summary>In words.</summary>
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
