using Bench.Backbone;
using Bench.Kernels;
using Bench.Kernels.Ranks;
using Bench.Numerics;
using Bench.Tests.Backbone;
using Bench.Tests.Kernels;
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
                Sum(buckets);
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
            Sum(buckets);
            return (parameters[0].grad?.data<float>().ToArray(), parameters[1].grad?.data<float>().ToArray());
        });
        Assert.All(found, one => Assert.Equal([7, 7], one.One!));
        Assert.All(found, one => Assert.Null(one.None));
    }

    // Micro-batches: the first adds to gradients without sending any.
    [KernelTheory, InlineData(1), InlineData(3)]
    public void Buckets_are_sent_while_the_backward_pass_goes_on_and_hold_the_same_bits(int micro)
    {
        (int[][] Behind, int[][] During, int Sent, int All)[] found = ThreadRanks.Run(2, each =>
        {
            var (behind, _, _) = Bits(each, micro, isOverlapped: false);
            var (during, sent, all) = Bits(each, micro, isOverlapped: true);
            return (behind, during, sent, all);
        });
        foreach (var (behind, during, sent, all) in found)
        {
            Assert.Equal(behind, during);
            Assert.InRange(sent, 1, all - 1); // the embedding's gradient is made last
        }

        Assert.Equal(found[0].During, found[1].During);
        Assert.Equal(found[0].Sent, found[1].Sent);
    }

    private static (int[][] Bits, int Sent, int All) Bits(IRanks each, int micro, bool isOverlapped)
    {
        using var scope = NewDisposeScope();
        var counted = new CountingRanks(each);
        using var network = new Ddit(TinyNetwork.Conditioned, RandomStream.Root(1));
        network.Scatter(RandomStream.Root(2));
        Parameter[] parameters = [.. network.parameters()];
        using var buckets = new GradientBuckets(parameters, counted, capacity: 1024);
        for (int i = 0; i < micro - 1; i++)
            Backpropagation.Run(Loss(i));
        if (isOverlapped)
            buckets.Take();
        Backpropagation.Run(Loss(micro - 1), isOverlapped ? buckets.SendMade : null);
        int sent = counted.Begun;
        if (!isOverlapped)
            buckets.Take();
        buckets.SendRest();
        buckets.Receive();
        return ([.. parameters.Select(parameter =>
            parameter.grad!.data<float>().Select(BitConverter.SingleToInt32Bits).ToArray())], sent, counted.Begun);

        Tensor Loss(int part) => network.Logits(tensor([each.Rank, 1L + part, 2, 3, 4], [1, 5]), tensor([0.3])).square().sum();
    }

    private static void Sum(GradientBuckets buckets)
    {
        buckets.Take();
        buckets.SendRest();
        buckets.Receive();
    }

    private static Parameter Of(long[] shape) => new(zeros(shape));

    private sealed class CountingRanks(IRanks ranks) : IRanks
    {
        public int Begun { get; private set; }

        public int Rank => ranks.Rank;

        public int Count => ranks.Count;

        public void Sum(Span<double> few) => ranks.Sum(few);

        public void Broadcast(Span<byte> bytes) => ranks.Broadcast(bytes);

        public IPendingSum BeginSum(Tensor many)
        {
            Begun++;
            return ranks.BeginSum(many);
        }
    }
}
