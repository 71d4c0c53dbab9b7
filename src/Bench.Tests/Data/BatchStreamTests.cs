using Bench.Data.Tokens;
using Bench.Numerics;
using Bench.Results;
using Xunit;

namespace Bench.Tests.Data;

public sealed class BatchStreamTests
{
    private const int Length = 7;

    // Token i of the text is i, so that a chunk shows its place in the text.
    private static readonly TokenArray Text = new(new("numbers", 1000), [.. Enumerable.Range(0, 1000)]);
    private static readonly RandomStream Shuffle = RandomStream.Root(3).Split("batches");

    [Fact]
    public void Examples_do_not_depend_on_batch_size()
    {
        var one = Take(batchSize: 1, batches: 600);
        Assert.Equal(one, Take(batchSize: 4, batches: 150));
        Assert.Equal(one, Take(batchSize: 100, batches: 6));
    }

    [Fact]
    public void A_batch_is_a_function_of_its_number_alone()
    {
        var forward = new BatchStream(Text, Length, 8, Shuffle);
        var expected = new long[40][];
        for (int batch = 0; batch < expected.Length; batch++)
            expected[batch] = forward.Read(batch * 8, 8).Tokens;

        var resumed = new BatchStream(Text, Length, 8, Shuffle);
        foreach (int batch in new[] { 39, 17, 18, 0, 39 })
        {
            long[] actual = resumed.Read(batch * 8, 8).Tokens;
            Assert.Equal(expected[batch], actual);
        }
    }

    [Fact]
    public void An_epoch_visits_every_chunk_once_and_the_next_one_cuts_elsewhere_in_another_order()
    {
        var stream = new BatchStream(Text, Length, 1, Shuffle);
        int n = stream.ChunksPerEpoch;
        Assert.Equal((1000 - Length + 1) / Length, n);
        var phases = new HashSet<long>();
        var orders = new HashSet<string>();
        for (int epoch = 0; epoch < 50; epoch++)
        {
            var starts = Enumerable.Range(0, n).Select(i => stream.Start(((long)epoch * n) + i)).ToList();
            long phase = starts.Min();
            Assert.InRange(phase, 0, Length - 1);
            Assert.Equal(Enumerable.Range(0, n).Select(i => phase + (i * Length)), starts.Order());
            phases.Add(phase);
            orders.Add(string.Join(',', starts.Select(start => start - phase)));
        }
        Assert.Equal(Length, phases.Count);
        Assert.Equal(50, orders.Count);
    }

    [Fact]
    public void A_row_holds_consecutive_tokens_and_its_number_counts_over_the_run()
    {
        var stream = new BatchStream(Text, Length, 8, Shuffle);
        var read = stream.Read(40, 8);
        long[] batch = read.Tokens;

        Assert.Equal(Enumerable.Range(0, Length).Select(i => batch[2 * Length] + i), batch[(2 * Length)..(3 * Length)]);
        Assert.Equal(stream.Start(42), batch[2 * Length]);
        Assert.Equal(42, read.Examples[2]);
    }

    [Fact]
    public void Another_seed_gives_another_order() =>
        Assert.NotEqual(
            Take(batchSize: 4, batches: 5),
            Take(batchSize: 4, batches: 5, RandomStream.Root(4).Split("batches")));

    [Fact]
    public void A_text_too_short_for_a_chunk_at_every_phase_is_an_error_with_the_longest_length_that_works()
    {
        var error = Assert.Throws<SuiteException>(() => new BatchStream(Text, 501, 1, Shuffle));
        Assert.Contains("at most 500", error.Fix, StringComparison.Ordinal);
        Assert.Equal(1, new BatchStream(Text, 500, 1, Shuffle).ChunksPerEpoch);
    }

    private static List<long> Take(int batchSize, int batches, RandomStream? shuffle = null)
    {
        var stream = new BatchStream(Text, Length, batchSize, shuffle ?? Shuffle);
        var all = new List<long>();
        for (int i = 0; i < batches; i++)
            all.AddRange(stream.Read(i * batchSize, batchSize).Tokens);
        return all;
    }
}
