using Bench.Training.Parallel;
using Xunit;

namespace Bench.Tests.Training.Parallel;

public sealed class RowShareTests
{
    [Theory, InlineData(6, 1), InlineData(6, 2), InlineData(7, 3), InlineData(3, 3), InlineData(2, 5), InlineData(512, 48)]
    public void Shares_cover_the_batch_once_in_the_order_of_ranks_and_differ_by_a_row_at_most(int rows, int ranks)
    {
        RowShare[] shares = [.. Enumerable.Range(0, ranks).Select(rank => RowShare.Of(rows, rank, ranks))];
        Assert.Equal(Enumerable.Range(0, rows), shares.SelectMany(share => Enumerable.Range(share.First, share.Rows)));
        Assert.InRange(shares.Max(share => share.Rows) - shares.Min(share => share.Rows), 0, 1);
    }

    [Fact]
    public void A_process_alone_has_all_rows() => Assert.Equal(new RowShare(0, 5), RowShare.Of(5, ranks: null));

    [Fact]
    public void Batches_of_more_rows_than_int_can_multiply_are_shared_out() =>
        Assert.Equal(int.MaxValue, RowShare.Of(int.MaxValue, 999, 1000).End);
}
