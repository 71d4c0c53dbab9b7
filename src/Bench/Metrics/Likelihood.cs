using Bench.Backbone;
using Bench.Data.Tokens;
using Bench.Numerics;
using Bench.Objectives;
using Bench.Scoring;
using MathNet.Numerics.Statistics;
using static TorchSharp.torch;

namespace Bench.Metrics;

/// <summary>The same likelihood quantity for every method: the objective's bound, averaged over stratified noise levels per sequence.</summary>
/// <param name="objective">Whose bound.</param>
/// <param name="draws">K: levels per sequence, one in each K-th of the range; an exact objective takes one.</param>
/// <param name="noise">Draws, by the sequence's number in its text: neither batch size nor subset changes them.</param>
/// <param name="device">Where the network is.</param>
public sealed class Likelihood(IObjective objective, int draws, RandomStream noise, Device device)
{
    private const int RowsAtOnce = 64;

    private readonly IObjective objective = objective.ForLikelihood;

    /// <summary>K.</summary>
    public int Draws { get; } = objective.ForLikelihood.IsExact ? 1 : Require.Positive(draws);

    /// <summary>Evaluates on the chunks of a text.</summary>
    /// <param name="network">The denoiser, in evaluation mode.</param>
    /// <param name="chunks">Sequences.</param>
    /// <param name="progress">Told how many sequences are done.</param>
    /// <param name="stop">Cancels.</param>
    public LikelihoodEstimate Of(IDenoiser network, EvaluationChunks chunks, Action<int>? progress = null, CancellationToken stop = default)
    {
        using var recorded = no_grad();
        int together = Math.Max(1, RowsAtOnce / Draws);
        var nats = new double[chunks.Count][]; // [sequence][draw], nats per token, what the network reconstructs included
        double reconstructed = 0;
        for (int first = 0; first < chunks.Count; first += together)
        {
            stop.ThrowIfCancellationRequested();
            int count = Math.Min(together, chunks.Count - first);
            var (rows, last) = Rows(network, chunks, first, count);
            for (int i = 0; i < count; i++)
                nats[first + i] = [.. rows[(i * Draws)..((i + 1) * Draws)].Zip(last[(i * Draws)..((i + 1) * Draws)], (diffusion, reconstruction) => diffusion + reconstruction)];
            reconstructed += last.Sum();
            progress?.Invoke(first + count);
        }

        double[] perSequence = [.. nats.Select(row => row.Average())];
        var constants = objective.Constants;
        double reconstruction = reconstructed / (chunks.Count * Draws);
        return new LikelihoodEstimate(
            perSequence.Average() - reconstruction, StandardError(perSequence), DrawError(nats), constants.Prior, constants.Reconstruction + reconstruction, chunks.Count, chunks.Length, Draws)
        {
            PerSequence = [.. perSequence.Select(value => value + constants.Prior + constants.Reconstruction)],
        };
    }

    // Each sequence stands in K rows, one a level: nats per token along the way, and of the last step to clean tokens.
    private (double[] Diffusion, double[] Reconstruction) Rows(IDenoiser network, EvaluationChunks chunks, int first, int count)
    {
        var (offsets, corruption) = (noise.Split("levels"), noise.Split("corruption"));
        var tokens = new long[count * Draws * chunks.Length];
        var examples = new long[count * Draws];
        var levels = new double[count * Draws];
        for (int i = 0; i < count; i++)
        {
            long sequence = chunks.ChunkIndex(first + i);
            var strata = Strata.Of(Draws, k => offsets.Uniform(sequence, k));
            for (int k = 0; k < Draws; k++)
            {
                int row = (i * Draws) + k;
                chunks.Fill(first + i, tokens.AsSpan(row * chunks.Length, chunks.Length));
                examples[row] = (sequence * Draws) + k;
                levels[row] = strata[k];
            }
        }

        var batch = new TokenBatch(tokens, examples);
        return (Score(objective, corruption), objective.Reconstruction is { } last ? Score(last, corruption.Split("last step")) : new double[levels.Length]);

        double[] Score(IObjective part, RandomStream draws)
        {
            return [.. Enumerable.Range(0, levels.Length).Chunk(LogitBudget.Rows(RowsAtOnce * Draws, chunks.Length, chunks.Vocabulary.Size)).SelectMany(Slice)];

            double[] Slice(int[] rows)
            {
                using var scope = NewDisposeScope();
                var (start, behind) = (rows[0], rows[^1] + 1);
                var slice = rows.Length == levels.Length ? batch : new TokenBatch(tokens[(start * chunks.Length)..(behind * chunks.Length)], examples[start..behind]);
                return part.PerPosition(network, slice, levels.AsSpan(start..behind), draws, device).to(float64).mean([1]).data<double>().ToArray();
            }
        }
    }

    private static double StandardError(double[] values) => values.Length < 2 ? double.NaN : values.StandardDeviation() / Math.Sqrt(values.Length);

    // Draws of neighbouring strata, taken as pairs, differ by noise and by a little of the trend: an upper estimate of the draws' own error.
    // Of an odd number the last is paired with the one before it.
    private static double DrawError(double[][] nats)
    {
        int draws = nats[0].Length;
        if (draws < 2)
            return 0;
        int[] pairs = [.. Enumerable.Range(0, (draws + 1) / 2).Select(pair => Math.Min(2 * pair, draws - 2))];
        double variance = nats.Average(row => pairs.Average(first => Math.Pow(row[first] - row[first + 1], 2) / 2));
        return Math.Sqrt(variance / draws / nats.Length);
    }
}
