using Bench.Data;
using Bench.Evaluation;
using Bench.Experiments.Sources;
using Bench.Objectives;
using Bench.Results;
using MathNet.Numerics.Statistics;

namespace Bench.Experiments.Running;

/// <summary>Likelihoods as rows of <c>metrics.csv</c>. A token is a character with every tokenizer that there is so far.</summary>
internal static class LikelihoodRows
{
    /// <summary>How the likelihood of these chunks is measured, in words.</summary>
    public static string Protocol(EvaluationChunks chunks, IObjective bound, int draws) => bound.IsExact
        ? Exact(chunks)
        : $"{bound.Name}, {draws} stratified draws a chunk; {Chunks(chunks)}";

    /// <summary>The same where no draw is needed.</summary>
    public static string Exact(EvaluationChunks chunks) => $"exact; {Chunks(chunks)}";

    /// <summary>A likelihood in every unit, and the terms of a bound.</summary>
    public static IEnumerable<Metric> Of(string split, LikelihoodEstimate estimate, bool isExact, string protocol)
    {
        Metric Row(string name, string unit, double value, double? error) => new(name, split, unit, value, Known(error), estimate.Sequences, protocol);

        yield return Row(MetricNames.Likelihood, Units.BitsPerCharacter, estimate.Bits, estimate.BitsError);
        yield return Row(MetricNames.LikelihoodNats, Units.NatsPerCharacter, estimate.Nats, estimate.StandardError);
        yield return Row(MetricNames.Perplexity, Units.PerplexityPerCharacter, estimate.Perplexity, estimate.Perplexity * estimate.StandardError);
        if (isExact)
            yield break;
        yield return Row(MetricNames.Diffusion, Units.NatsPerCharacter, estimate.Diffusion, estimate.StandardError);
        yield return Row(MetricNames.Prior, Units.NatsPerCharacter, estimate.Prior, null);
        yield return Row(MetricNames.Reconstruction, Units.NatsPerCharacter, estimate.Reconstruction, null);
        yield return Row(MetricNames.DrawError, Units.BitsPerCharacter, estimate.DrawError / Math.Log(2), null);
    }

    /// <summary>The exact cross-entropy of the same chunks, where the law of the text is known, and how far a model is from it.</summary>
    public static IEnumerable<Metric> Truth(string split, ISource source, EvaluationChunks chunks, LikelihoodEstimate estimate)
    {
        double[] nats = [.. Enumerable.Range(0, chunks.Count).Select(i => source.ExactNats(chunks.Read(i))).OfType<double>()];
        if (nats.Length == 0)
            yield break;
        double[] bits = [.. nats.Select(total => total / chunks.Length / Math.Log(2))];
        yield return new(MetricNames.TrueEntropy, split, Units.BitsPerCharacter, bits.Average(), Known(ErrorOfMean(bits)), bits.Length, $"the source's own law; {Chunks(chunks)}");
        var excess = KlFromTruth.Of([.. estimate.PerSequence.Select(each => each * chunks.Length)], nats, chunks.Length);
        yield return new(MetricNames.KlFromTruth, split, Units.NatsPerCharacter, excess.Value, Known(excess.StandardError), bits.Length, $"mean of differences, chunk by chunk; {Chunks(chunks)}");
    }

    /// <summary>The standard error of a mean; NaN for a single value.</summary>
    public static double ErrorOfMean(double[] values) => values.StandardDeviation() / Math.Sqrt(values.Length);

    // Null for what was not estimated.
    private static double? Known(double? error) => error is { } value && double.IsNaN(value) ? null : error;

    private static string Chunks(EvaluationChunks chunks) =>
        $"{(chunks.Count == chunks.Total ? "all" : $"{chunks.Count} of")} {chunks.Total} chunks of {chunks.Length} characters, each without the text before it";
}
