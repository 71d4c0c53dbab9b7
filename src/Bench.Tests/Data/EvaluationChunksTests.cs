using Bench.Data.Tokens;
using Bench.Results;
using Xunit;

namespace Bench.Tests.Data;

public sealed class EvaluationChunksTests
{
    private static readonly TokenArray Text = new(new("numbers", 100), [.. Enumerable.Range(0, 100)]);

    [Fact]
    public void Without_a_limit_the_chunks_cover_the_text_in_order_but_for_a_rest()
    {
        var chunks = new EvaluationChunks(Text, 7);
        var all = new long[chunks.Count * 7];
        chunks.Fill(0, all);

        Assert.Equal(14, chunks.Count);
        Assert.Equal(Enumerable.Range(0, 98).Select(i => (long)i), all);
    }

    [Theory, InlineData(1), InlineData(3), InlineData(10), InlineData(19), InlineData(20), InlineData(1000)]
    public void A_limit_takes_whole_chunks_at_even_distances(int limit)
    {
        var chunks = new EvaluationChunks(Text, 5, limit);
        var indices = Enumerable.Range(0, chunks.Count).Select(chunks.ChunkIndex).ToList();

        Assert.Equal(Math.Min(limit, 20), indices.Count);
        Assert.InRange(indices[0], 0, 19 - indices[^1] + 1); // as far from the start as from the end, up to rounding
        double distance = 20.0 / indices.Count;
        Assert.All(indices.Zip(indices.Skip(1)),
            pair => Assert.InRange(pair.Second - pair.First, (long)Math.Floor(distance), (long)Math.Ceiling(distance)));
        Assert.All(Enumerable.Range(0, chunks.Count), i => Assert.Equal(Enumerable.Range((int)indices[i] * 5, 5), chunks.Read(i)));
    }

    [Fact]
    public void Batches_of_chunks_are_the_chunks_one_by_one()
    {
        var chunks = new EvaluationChunks(Text, 5, 8);
        var batch = new long[3 * 5];
        chunks.Fill(4, batch);

        Assert.Equal(Enumerable.Range(4, 3).SelectMany(chunks.Read).Select(token => (long)token), batch);
        Assert.Throws<ArgumentOutOfRangeException>(() => chunks.Fill(6, batch));
        Assert.Throws<ArgumentOutOfRangeException>(() => chunks.Fill(0, new long[4]));
    }

    [Fact]
    public void A_text_shorter_than_a_chunk_is_an_error() =>
        Assert.Contains("at most 100", Assert.Throws<SuiteException>(() => new EvaluationChunks(Text, 101)).Fix, StringComparison.Ordinal);
}
