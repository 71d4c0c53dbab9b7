using Bench.Numerics;
using Bench.Statistics;
using Xunit;

namespace Bench.Tests.Statistics;

public sealed class BootstrapTests
{
    private const double Normal95 = 1.96;

    private static readonly Bootstrap Default = new(RandomStream.Root(1));

    [Fact]
    public void The_error_of_a_mean_is_the_known_one()
    {
        double[] values = Values(seed: 3, count: 50);
        var found = Default.OfMean(values);
        double mean = values.Average(), error = Math.Sqrt(values.Sum(value => (value - mean) * (value - mean))) / values.Length;
        Assert.Equal(mean, found.Value, 1e-12);
        // Of 1000 resamples the error is known to 2.2 %, and an end of the interval to 0.08 of it: five times as much is a false alarm once
        // in a million seeds.
        Assert.InRange(found.StandardError!.Value / error, 0.89, 1.11);
        Assert.InRange((found.Low!.Value - mean) / error, -Normal95 - 0.4, -Normal95 + 0.4);
        Assert.InRange((found.High!.Value - mean) / error, Normal95 - 0.4, Normal95 + 0.4);
    }

    [Fact]
    public void Of_a_hundred_intervals_about_ninety_five_cover_the_truth()
    {
        var bootstrap = new Bootstrap(RandomStream.Root(1), 300);
        int covered = Enumerable.Range(0, 200).Select(seed => bootstrap.OfMean(Values((ulong)seed, count: 30)))
            .Count(found => found.Low <= 0 && found.High >= 0);
        // With 30 values 93 to 94 % are expected; four standard deviations below 93 % are 86 %.
        Assert.InRange(covered, 172, 199);
    }

    [Fact]
    public void The_error_of_a_ratio_is_that_of_the_delta_method()
    {
        double[] lengths = [.. Values(seed: 5, count: 200).Select(value => 10 + value)];
        double[] sums = [.. lengths.Zip(Values(seed: 6, count: 200), (length, noise) => (2 * length) + noise)];
        var found = Default.OfRatio(sums, lengths);
        double ratio = sums.Sum() / lengths.Sum();
        double error = Math.Sqrt(sums.Zip(lengths, (sum, length) => Math.Pow(sum - (ratio * length), 2)).Sum()) / lengths.Sum();
        Assert.Equal(ratio, found.Value, 1e-12);
        Assert.InRange(found.StandardError!.Value / error, 0.89, 1.11);
        Assert.InRange(ratio, found.Low!.Value, found.High!.Value);
    }

    [Fact]
    public void Missing_values_do_not_count_and_one_value_has_no_error()
    {
        Assert.Equal(Default.OfMean([1, 2, 3]), Default.OfMean([1, double.NaN, 2, 3]));
        Assert.Equal(Estimate.Bare(4, 1), Default.OfMean([4, double.NaN]));
        Assert.Equal(double.NaN, Default.OfMean([]).Value);
        Assert.Equal((0.0, 7.0), (Default.OfMean([7, 7, 7]).StandardError!.Value, Default.OfMean([7, 7, 7]).Low!.Value));
    }

    [Fact]
    public void The_jackknife_of_a_mean_is_its_standard_error()
    {
        double[] values = Values(seed: 3, count: 20);
        double mean = values.Average(), error = Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / 19 / 20);
        var found = Jackknife.Of(mean, [.. values.Select(value => ((20 * mean) - value) / 19)]);
        Assert.Equal(error, found.StandardError!.Value, 1e-12);
        Assert.Equal(mean - (Normal95 * error), found.Low!.Value, 1e-4);
        Assert.Equal(20, found.Count);
    }

    [Fact]
    public void Errors_of_independent_samples_add_up_in_squares() =>
        Assert.Equal(5, Jackknife.Of(0, [-3, 3], [4, -4]).StandardError!.Value, 1e-12);

    [Fact]
    public void A_share_stays_between_0_and_1()
    {
        var found = Estimate.Normal(0.99, 0.1, 5).OfShare();
        Assert.Equal((1.0, 0.1), (found.High!.Value, found.StandardError!.Value));
        Assert.InRange(found.Low!.Value, 0.79, 0.8);
    }

    private static double[] Values(ulong seed, int count)
    {
        var values = new double[count];
        RandomStream.Root(seed).Split("values").FillNormal(0, values);
        return values;
    }
}
