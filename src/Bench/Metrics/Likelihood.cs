using System.Collections.Immutable;
using Bench.Backbone;
using Bench.Data.Tokens;
using Bench.Kernels;
using Bench.Numerics;
using Bench.Objectives;
using Bench.Scoring;
using Bench.Statistics;
using MathNet.Numerics.Statistics;
using static TorchSharp.torch;

namespace Bench.Metrics;

/// <summary>
/// The same likelihood quantity for every method: the objective's bound, averaged over stratified noise levels per sequence.
/// </summary>
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

    /// <summary>Evaluates on sequences; where a part of them is given, per token of the rest.</summary>
    /// <param name="network">The denoiser, in evaluation mode.</param>
    /// <param name="examples">Sequences.</param>
    /// <param name="progress">Conditioned how many sequences are done.</param>
    /// <param name="stop">Cancels.</param>
    public LikelihoodEstimate Of(IDenoiser network, IExamples examples, Action<int>? progress = null, CancellationToken stop = default)
    {
        using var recorded = no_grad();
        int together = Math.Max(1, RowsAtOnce / Draws);
        int sequences = checked((int)examples.Count);
        var nats = new double[sequences][]; // [sequence][draw], nats per target, what the network reconstructs included
        var shares = new double[sequences]; // of targets among the tokens
        double reconstructed = 0;
        for (int first = 0; first < sequences; first += together)
        {
            stop.ThrowIfCancellationRequested();
            int count = Math.Min(together, sequences - first);
            var batch = examples.Read(first, count);
            var (rows, last) = Rows(network, batch, examples.Vocabulary.Size);
            for (int i = 0; i < count; i++)
            {
                var range = (i * Draws)..((i + 1) * Draws);
                nats[first + i] = [.. rows[range].Zip(last[range], (diffusion, reconstruction) => diffusion + reconstruction)];
                shares[first + i] = (double)batch.TargetsOf(i) / batch.Length;
            }

            reconstructed += last.Index().Sum(entry => entry.Item * shares[first + (entry.Index / Draws)]);
            progress?.Invoke(first + count);
        }

        // All nats over all targets; a factor is 1 where nothing is given.
        double mean = shares.Average();
        double[] factors = [.. shares.Select(share => mean == 0 ? 1 : share / mean)];
        double[] perSequence = [.. nats.Select(row => row.Average())];
        double[] each = [.. perSequence.Zip(factors, (value, factor) => value * factor)];
        double reconstruction = mean == 0 ? 0 : reconstructed / (sequences * Draws) / mean, all = each.Average();
        var constants = objective.Constants;
        return new LikelihoodEstimate(
            all - reconstruction,
            StandardError([.. each.Zip(factors, (value, factor) => value - (all * (factor - 1)))]),
            DrawError([.. nats.Zip(factors, (row, factor) => Array.ConvertAll(row, value => value * factor))]),
            constants.Prior,
            constants.Reconstruction + reconstruction,
            sequences,
            examples.Length,
            Draws)
        {
            PerSequence = [.. perSequence.Select(value => value + constants.Prior + constants.Reconstruction)],
            Targets = (long)Math.Round(shares.Sum() * examples.Length),
        };
    }

    // Each sequence stands in K rows, one a level: nats per target along the way, and of the last step to clean tokens.
    private (double[] Diffusion, double[] Reconstruction) Rows(IDenoiser network, ExampleBatch sequences, int symbols)
    {
        var (offsets, corruption) = (noise.Split("levels"), noise.Split("corruption"));
        int count = sequences.Rows, length = sequences.Length;
        var examples = new long[count * Draws];
        var levels = new double[count * Draws];
        for (int i = 0; i < count; i++)
        {
            long sequence = sequences.Examples[i];
            var strata = Strata.Of(Draws, k => offsets.Uniform(sequence, k));
            for (int k = 0; k < Draws; k++)
                (examples[(i * Draws) + k], levels[(i * Draws) + k]) = ((sequence * Draws) + k, strata[k]);
        }

        var batch = sequences.Select([.. Enumerable.Range(0, levels.Length).Select(row => row / Draws)]) with { Examples = examples };
        return (Score(objective, corruption),
            objective.Reconstruction is { } last ? Score(last, corruption.Split("last step")) : new double[levels.Length]);

        double[] Score(IObjective part, RandomStream draws)
        {
            return [.. Enumerable.Range(0, levels.Length).Chunk(LogitBudget.Rows(RowsAtOnce * Draws, length, symbols)).SelectMany(Slice)];

            double[] Slice(int[] rows)
            {
                using var scope = NewDisposeScope();
                var slice = rows.Length == levels.Length ? batch : batch.Select(rows);
                var nats = part.PerPosition(network, slice, levels.AsSpan(rows[0]..(rows[^1] + 1)), draws, device).to(float64);
                return batch.IsConditional
                    ? [.. nats.sum([1]).OnHost().data<double>().ToArray().Select((sum, row) => sum / Math.Max(1, slice.TargetsOf(row)))]
                    : nats.mean([1]).OnHost().data<double>().ToArray();
            }
        }
    }

    private static double StandardError(double[] values) =>
        values.Length < 2 ? double.NaN : values.StandardDeviation() / Math.Sqrt(values.Length);

    // Draws of neighbouring strata, taken as pairs, differ by noise and by a little of the trend: an upper estimate of the draws' own
    // error. Of an odd number the last is paired with the one before it.
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

/// <summary>−ln p per token, exact or bounded from above, over the sequences of an evaluation.</summary>
/// <param name="Diffusion">Nats per token without the two terms at the ends.</param>
/// <param name="StandardError">
/// Of the mean over sequences, in nats per token; it covers the choice of sequences and the draws in each.
/// </param>
/// <param name="DrawError">The part of it that comes from the draws alone, in nats per token; 0 where the value is exact.</param>
/// <param name="Prior">KL of the noisiest level from the prior, nats per token.</param>
/// <param name="Reconstruction">
/// Nats per token left at the cleanest level; where a network is asked for them, averaged over the same draws and inside the standard
/// error.
/// </param>
/// <param name="Sequences">How many.</param>
/// <param name="Length">Tokens in each.</param>
/// <param name="Draws">Stratified noise levels per sequence.</param>
public sealed record LikelihoodEstimate(
    double Diffusion, double StandardError, double DrawError, double Prior, double Reconstruction, int Sequences, int Length, int Draws)
{
    /// <summary>Tokens that were predicted: all, but where a part is given. What is per token is per one of these.</summary>
    public long Targets { get; init; } = (long)Sequences * Length;

    /// <summary>Nats per token of each sequence, averaged over its draws, nothing left out.</summary>
    public ImmutableArray<double> PerSequence { get; init; } = [];

    /// <summary>Nats per token, nothing left out.</summary>
    public double Nats => Diffusion + Prior + Reconstruction;

    /// <summary>Bits per token; bits per character where a token is one.</summary>
    public double Bits => Nats / Math.Log(2);

    /// <summary>Standard error of <see cref="Bits"/>.</summary>
    public double BitsError => StandardError / Math.Log(2);

    /// <summary>e^nats.</summary>
    public double Perplexity => Math.Exp(Nats);
}

/// <summary>
/// KL(truth ‖ model) per token, where the distribution of the text is known: how much more likely chunks drawn from it are under it than
/// under the model. An upper bound of it where the model's nats are one.
/// </summary>
/// <remarks>
/// Chunk by chunk the two are about equally hard, so that the mean of their differences is far better known than the difference of their
/// means.
/// </remarks>
public static class KlFromTruth
{
    /// <summary>From nats of the same chunks under both.</summary>
    /// <param name="model">Nats of each chunk under the model, or their upper bounds.</param>
    /// <param name="truth">Nats of each chunk under the distribution that it was drawn from.</param>
    /// <param name="length">Tokens of a chunk.</param>
    /// <returns>Nats per token, with the normal interval; by chance it may be below 0.</returns>
    public static Estimate Of(ReadOnlySpan<double> model, ReadOnlySpan<double> truth, int length)
    {
        Require.Length(model.Length, truth.Length);
        Require.Positive(length);
        var excess = new double[model.Length];
        for (int i = 0; i < excess.Length; i++)
            excess[i] = (model[i] - truth[i]) / length;
        return excess.Length == 0
            ? Estimate.Bare(double.NaN, 0)
            : Estimate.Normal(excess.Average(), excess.StandardDeviation() / Math.Sqrt(excess.Length), excess.Length);
    }
}
