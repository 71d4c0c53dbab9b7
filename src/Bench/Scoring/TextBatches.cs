using Bench.Data.Tokens;
using Bench.Backbone;
using Bench.Results.Metrics;

namespace Bench.Scoring;

/// <summary>Texts sorted into batches of equal length, as a network takes them.</summary>
internal static class TextBatches
{
    /// <summary>Batches of at most so many rows; empty texts are in none.</summary>
    /// <param name="texts">The texts.</param>
    /// <param name="rows">The most rows for texts of a length.</param>
    /// <returns>The numbers of a batch's texts, and their tokens.</returns>
    public static IEnumerable<(int[] Texts, ExampleBatch Batch)> Of(IReadOnlyList<GeneratedText> texts, Func<int, int> rows) =>
        from alike in texts.Index().Where(text => text.Item.Tokens.Length > 0).GroupBy(text => text.Item.Tokens.Length)
        from batch in alike.Chunk(rows(alike.Key))
        select (
            Array.ConvertAll(batch, text => text.Index),
            new ExampleBatch(
                [.. batch.SelectMany(text => text.Item.Tokens).Select(token => (long)token)],
                Array.ConvertAll(batch, text => (long)text.Index)));
}
