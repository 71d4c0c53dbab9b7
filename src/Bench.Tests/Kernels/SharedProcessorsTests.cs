using Bench.Kernels.Ranks;
using Xunit;

namespace Bench.Tests.Kernels;

public sealed class SharedProcessorsTests
{
    [Theory]
    [InlineData("0", new[] { 0 })]
    [InlineData(" 0-3,8", new[] { 0, 1, 2, 3, 8 })]
    [InlineData("\t5-5,7-8\n", new[] { 5, 7, 8 })]
    public void Lists_of_processors_are_read(string list, int[] processors) => Assert.Equal(processors, SharedProcessors.Read(list));

    [Fact]
    public void This_process_has_as_many_as_the_runtime_counts() =>
        Assert.Equal(Environment.ProcessorCount, SharedProcessors.Own().Length);

    [Theory]
    [InlineData(new[] { 0, 1, 2, 3 }, new[] { 1, 1, 1, 1 }, 4)] // alone on its machine
    [InlineData(new[] { 0, 1, 2, 3 }, new[] { 2, 2, 2, 2 }, 2)] // two ranks that may use all
    [InlineData(new[] { 0, 1, 2, 3 }, new[] { 3, 3, 3, 3 }, 1)] // three: one processor is left over
    [InlineData(new[] { 2, 3 }, new[] { 1, 1, 1, 1 }, 2)] // bound to its own
    [InlineData(new[] { 0 }, new[] { 5 }, 1)] // more ranks than processors
    [InlineData(new[] { 0, 1, 2 }, new[] { 3, 3, 3 }, 1)] // thirds of three make one, whatever the rounding
    public void Ranks_divide_the_processors_that_they_share(int[] own, int[] users, int threads) =>
        Assert.Equal(threads, SharedProcessors.Threads(own, users));
}
