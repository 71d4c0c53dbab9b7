using Bench.Backbone;
using Bench.Data.Tokens;
using Bench.Kernels;
using Bench.Objectives;
using Bench.Results.Metrics;
using static TorchSharp.torch;

namespace Bench.Scoring;

/// <summary>An autoregressive network as scorer, by the exact chain rule.</summary>
/// <param name="name">The name in tables.</param>
/// <param name="network">In evaluation mode, and asked in <paramref name="distribution"/>'s view.</param>
/// <param name="distribution">The chain rule over the run's vocabulary.</param>
/// <param name="device">Where the network is.</param>
/// <param name="counted">Which tokens count; all by default.</param>
/// <param name="rows">Sequences scored at once.</param>
public sealed class NetworkScorer(string name, IDenoiser network, NextToken distribution, Device device, CountedTokens? counted = null,
    int rows = 64) : IScorer
{
    private readonly CountedTokens counted = counted ?? CountedTokens.All;

    /// <inheritdoc/>
    public string Name => name;

    /// <inheritdoc/>
    public string Protocol => $"autoregressive network, {counted}";

    /// <inheritdoc/>
    public TextLikelihood[] Of(IReadOnlyList<GeneratedText> texts, CancellationToken stop = default)
    {
        using var recorded = no_grad();
        TextLikelihood[] scored = [.. texts.Select(text => new TextLikelihood(0, 0, text.Characters))];
        foreach (var (numbers, batch) in TextBatches.Of(texts, length => LogitBudget.Rows(rows, length, distribution.MaskId + 1)))
        {
            stop.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            // [B, L]
            double[] nats =
                distribution.PerPosition(network, batch, default, default, device).to(float64).OnHost().data<double>().ToArray();
            foreach (var (row, number) in numbers.Index())
                scored[number] = counted.Sum(texts[number], nats.AsSpan(row * batch.Length, batch.Length));
        }

        return scored;
    }
}

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
