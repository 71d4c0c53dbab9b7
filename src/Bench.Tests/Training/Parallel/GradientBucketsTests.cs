using Bench.Training.Parallel;
using TorchSharp.Modules;
using Xunit;
using static TorchSharp.torch;

namespace Bench.Tests.Training.Parallel;

public sealed class GradientBucketsTests
{
    [Theory]
    [InlineData(new long[] { 1, 2, 3, 4 }, 100, new[] { 4 })]
    [InlineData(new long[] { 1, 2, 3, 4 }, 7, new[] { 2, 2 })]
    [InlineData(new long[] { 1, 2, 3, 4 }, 1, new[] { 1, 1, 1, 1 })]
    [InlineData(new long[] { 50, 1, 1, 50, 1 }, 10, new[] { 1, 1, 2, 1 })]
    [InlineData(new long[] { }, 10, new int[] { })]
    public void Neighbouring_parameters_share_a_bucket_from_the_output_back(long[] sizes, long capacity, int[] together)
    {
        var ranges = GradientBuckets.Ranges(sizes, capacity);
        Assert.Equal(together, ranges.Select(range => range.End.Value - range.Start.Value));
        // From the last to the first, each parameter once.
        Assert.Equal(Enumerable.Range(0, sizes.Length).Reverse(),
            ranges.SelectMany(range => Enumerable.Range(range.Start.Value, range.End.Value - range.Start.Value).Reverse()));
        Assert.All(ranges, range => Assert.True(range.End.Value - range.Start.Value == 1 || sizes[range].Sum() <= capacity));
    }

    [Theory, InlineData(1, 4), InlineData(2, 4), InlineData(3, 4), InlineData(3, 1_000_000)]
    public void Gradients_become_their_sums(int ranks, long capacity)
    {
        float[][][] sums = ThreadRanks.Run(ranks, each =>
        {
            using var scope = NewDisposeScope();
            Parameter[] parameters = [Of([2, 3]), Of([]), Of([4])];
            using var buckets = new GradientBuckets(parameters, each, capacity);
            // Twice: what a bucket held before must not stay in it.
            for (int step = 0; step < 2; step++)
            {
                foreach (var (i, parameter) in parameters.Index())
                    parameter.grad = full(parameter.shape, (100 * (step + 1)) + (10 * i) + each.Rank, float32);
                buckets.Sum();
            }

            return parameters.Select(parameter => parameter.grad!.data<float>().ToArray()).ToArray();
        });
        float ranksAdded = Enumerable.Range(0, ranks).Sum();
        foreach (float[][] one in sums)
        {
            Assert.Equal([6, 1, 4], one.Select(gradient => gradient.Length));
            foreach (var (i, gradient) in one.Index())
                Assert.All(gradient, value => Assert.Equal((ranks * (200 + (10 * i))) + ranksAdded, value));
        }
    }

    // Without a gradient a parameter is not updated: it may not get one of zeros.
    [Fact]
    public void A_gradient_that_one_rank_has_all_have_and_one_that_none_has_none_has()
    {
        (float[]? One, float[]? None)[] found = ThreadRanks.Run(3, each =>
        {
            using var scope = NewDisposeScope();
            Parameter[] parameters = [Of([2]), Of([2])];
            using var buckets = new GradientBuckets(parameters, each);
            if (each.Rank == 1)
                parameters[0].grad = full([2], 7, float32);
            buckets.Sum();
            return (parameters[0].grad?.data<float>().ToArray(), parameters[1].grad?.data<float>().ToArray());
        });
        Assert.All(found, one => Assert.Equal([7, 7], one.One!));
        Assert.All(found, one => Assert.Null(one.None));
    }

    private static Parameter Of(long[] shape) => new(zeros(shape));
}
