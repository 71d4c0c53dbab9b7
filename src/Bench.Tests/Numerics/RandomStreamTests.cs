using Bench.Numerics;
using Xunit;

namespace Bench.Tests.Numerics;

public sealed class RandomStreamTests
{
    private static readonly RandomStream Stream = RandomStream.Root(7).Split("corruption");

    [Theory, InlineData(0, 16), InlineData(1, 15), InlineData(2, 1), InlineData(3, 2), InlineData(5, 0)]
    public void A_filled_span_holds_what_its_draws_hold_one_by_one(long firstDraw, int length)
    {
        var filled = new double[length];
        Stream.Fill(example: 11, filled, firstDraw);

        for (int i = 0; i < length; i++)
            Assert.Equal(Stream.Uniform(11, firstDraw + i), filled[i]);
    }

    [Fact]
    public void Uniform_numbers_are_odd_multiples_of_two_to_the_minus_53_and_never_0_or_1()
    {
        for (int draw = 0; draw < 10_000; draw++)
        {
            double scaled = Stream.Uniform(3, draw) * (1L << 53);
            Assert.InRange(scaled, 1, (1L << 53) - 1);
            Assert.Equal(1, (long)scaled & 1);
            Assert.Equal(scaled, Math.Floor(scaled));
        }
    }

    [Fact]
    public void Uniform_numbers_have_the_moments_and_the_equal_cells_of_the_uniform_distribution()
    {
        const int n = 200_000;
        var u = new double[n];
        Stream.Fill(0, u);
        var cells = new int[64];
        foreach (double x in u)
            cells[(int)(x * cells.Length)]++;
        double expected = (double)n / cells.Length;
        double chiSquared = cells.Sum(count => (count - expected) * (count - expected) / expected);
        double lagged = Enumerable.Range(1, n - 1).Average(i => (u[i] - 0.5) * (u[i - 1] - 0.5));

        Assert.Equal(0.5, u.Average(), 4 * Math.Sqrt(1.0 / 12 / n));
        Assert.InRange(chiSquared, 25, 120); // 63 degrees of freedom: 1e-5 quantiles are about 26 and 120
        Assert.Equal(0, lagged, 4.0 / 12 / Math.Sqrt(n));
    }

    [Fact]
    public void Normal_numbers_have_the_moments_of_the_normal_distribution()
    {
        const int n = 200_000;
        var z = new double[n];
        Stream.FillNormal(0, z);

        Assert.Equal(0, z.Average(), 4 / Math.Sqrt(n));
        Assert.Equal(1, z.Average(x => x * x), 4 * Math.Sqrt(2.0 / n));
        Assert.Equal(3, z.Average(x => x * x * x * x), 4 * Math.Sqrt(96.0 / n));
    }

    [Fact]
    public void Splits_by_name_and_by_index_and_in_any_order_are_all_different()
    {
        var root = RandomStream.Root(0);
        var keys = Enumerable.Range(0, 1000).Select(i => root.Split((ulong)i).Key)
            .Concat(Enumerable.Range(0, 1000).Select(i => root.Split($"{i}").Key))
            .Concat(Enumerable.Range(0, 1000).Select(i => RandomStream.Root((ulong)i).Key))
            .Append(root.Split(1).Split(2).Key).Append(root.Split(2).Split(1).Key)
            .Append(root.Split("a").Split("b").Key).Append(root.Split("b").Split("a").Key).Append(root.Split("ab").Key).ToList();

        Assert.Equal(keys.Count, keys.Distinct().Count());
    }

    [Fact]
    public void A_seed_means_the_same_numbers_in_every_version()
    {
        Assert.Equal(0xe169c58d_6627e8d5UL, RandomStream.Root(0).Bits(0, 0));
        Assert.Equal(0x9b00dbd8_bc57ac4cUL, RandomStream.Root(0).Bits(0, 1));
        Assert.Equal("c0165f150edf1336", $"{RandomStream.Root(1).Split("shuffle").Key:x16}");
        Assert.Equal("f2826f98653e9e57", $"{RandomStream.Root(1).Split(2).Key:x16}");
    }

    [Theory, InlineData(1), InlineData(27), InlineData(1 << 20), InlineData(int.MaxValue)]
    public void Below_stays_below_and_has_the_mean_of_the_uniform_distribution(int count)
    {
        const int n = 20_000;
        double sum = 0;
        for (int draw = 0; draw < n; draw++)
        {
            int x = Stream.Below(count, 5, draw);
            Assert.InRange(x, 0, count - 1);
            sum += x;
        }
        Assert.Equal((count - 1) / 2.0, sum / n, 4.0 * count / Math.Sqrt(12.0 * n));
    }

    [Fact]
    public void A_permutation_holds_every_index_once_and_all_orders_are_equally_likely()
    {
        Assert.Equal(Enumerable.Range(0, 500), Stream.Permutation(500, example: 2).Order());
        Assert.Empty(Stream.Permutation(0, example: 2));

        const int n = 24_000;
        var counts = Enumerable.Range(0, n).CountBy(i => string.Join(',', Stream.Permutation(4, i))).ToDictionary();
        Assert.Equal(24, counts.Count);
        Assert.All(counts.Values, count => Assert.Equal(n / 24.0, count, 5 * Math.Sqrt(n / 24.0)));
    }
}
