using Bench.Data.Tokenizers;
using Bench.Data.Tokens;
using Bench.Experiments.Definitions.Sources;
using Bench.Metrics;
using Bench.Objectives;
using Bench.Results;
using Bench.Results.Metrics;
using Bench.Statistics;
using MathNet.Numerics.Statistics;

namespace Bench.Experiments.Running;

/// <summary>
/// Likelihoods as rows of <c>metrics.csv</c>: per token, which is per character where a token is one; else per character as well.
/// </summary>
/// <param name="tokenizer">Of the text.</param>
internal sealed class LikelihoodRows(ITokenizer tokenizer)
{
    /// <summary>What likelihoods are per.</summary>
    public LikelihoodUnits Units { get; } = tokenizer.IsCharacterwise ? LikelihoodUnits.Character : LikelihoodUnits.Token;

    /// <summary>How the likelihood of these chunks is measured, as text.</summary>
    public string Protocol(EvaluationChunks chunks, IObjective bound, int draws) => bound.IsExact
        ? Exact(chunks)
        : $"{bound.Name}, {draws} {bound.Draws} a chunk; {Chunks(chunks)}";

    /// <summary>The same where no draw is needed.</summary>
    public string Exact(EvaluationChunks chunks) => $"exact; {Chunks(chunks)}";

    /// <summary>The likelihood of a network in every unit, and the terms of its bound.</summary>
    /// <param name="split">The part, or the text's name.</param>
    /// <param name="estimate">The likelihood.</param>
    /// <param name="chunks">What it was measured on.</param>
    /// <param name="objective">Whose bound it is.</param>
    /// <param name="draws">Noise levels a chunk.</param>
    /// <param name="given">What the task gives, as text; empty where nothing is.</param>
    /// <param name="remarks">What else the protocol says.</param>
    public IEnumerable<Metric> Of(string split, LikelihoodEstimate estimate, EvaluationChunks chunks, IObjective objective, int draws,
        string given, string remarks = "")
    {
        var bound = objective.ForLikelihood;
        string condition = given.Length > 0 ? $"; {given}, and likelihoods are per token of the other {estimate.Targets}" : "";
        return Of(split, estimate, chunks, bound.IsExact, Protocol(chunks, bound, draws) + condition + remarks);
    }

    /// <summary>A likelihood in every unit, and the terms of a bound; without chunks of text none per character.</summary>
    public IEnumerable<Metric> Of(string split, LikelihoodEstimate estimate, EvaluationChunks? chunks, bool isExact, string protocol)
    {
        Metric Row(MetricDescriptor metric, double value, double? error) =>
            metric.Row(split, value, Known(error), estimate.Sequences, protocol, Units);

        yield return Row(LikelihoodMetrics.Likelihood, estimate.Bits, estimate.BitsError);
        yield return Row(LikelihoodMetrics.Nats, estimate.Nats, estimate.StandardError);
        yield return Row(LikelihoodMetrics.Perplexity, estimate.Perplexity, estimate.Perplexity * estimate.StandardError);
        if (chunks is not null && !tokenizer.IsCharacterwise && estimate.Targets == (long)chunks.Count * chunks.Length)
            yield return PerCharacter(split, estimate, chunks, protocol);
        if (isExact)
            yield break;
        yield return Row(BoundMetrics.Diffusion, estimate.Diffusion, estimate.StandardError);
        yield return Row(BoundMetrics.Prior, estimate.Prior, null);
        yield return Row(BoundMetrics.Reconstruction, estimate.Reconstruction, null);
        yield return Row(BoundMetrics.DrawError, estimate.DrawError / Math.Log(2), null);
    }

    /// <summary>
    /// The exact cross-entropy of the same chunks, where the distribution of the text is known, and how far a model is from it.
    /// </summary>
    public IEnumerable<Metric> Truth(string split, ISource source, EvaluationChunks chunks, LikelihoodEstimate estimate)
    {
        double[] nats = [.. Enumerable.Range(0, chunks.Count).Select(i => source.ExactNats(chunks.Read(i))).OfType<double>()];
        if (nats.Length == 0)
            yield break;
        double[] bits = [.. nats.Select(total => total / chunks.Length / Math.Log(2))];
        yield return LikelihoodMetrics.TrueEntropy.Row(
            split, bits.Average(), Known(ErrorOfMean(bits)), bits.Length, $"the source's own distribution; {Chunks(chunks)}", Units);
        var excess = KlFromTruth.Of([.. estimate.PerSequence.Select(each => each * chunks.Length)], nats, chunks.Length);
        yield return LikelihoodMetrics.KlFromTruth.Row(
            split, excess.Value, Known(excess.StandardError), bits.Length, $"mean of differences, chunk by chunk; {Chunks(chunks)}", Units);
    }

    /// <summary>The standard error of a mean; NaN for a single value.</summary>
    public static double ErrorOfMean(double[] values) => values.StandardDeviation() / Math.Sqrt(values.Length);

    // Null for what was not estimated.
    private static double? Known(double? error) => error is { } value && double.IsNaN(value) ? null : error;

    // Chunks of as many tokens have more characters or fewer: a ratio of sums, whose error is that of the chunks' residuals.
    private Metric PerCharacter(string split, LikelihoodEstimate estimate, EvaluationChunks chunks, string protocol)
    {
        double[] characters = [.. Enumerable.Range(0, chunks.Count).Select(i => (double)tokenizer.Characters(chunks.Read(i)))];
        double nats = estimate.Nats * chunks.Length * chunks.Count / characters.Sum();
        double[] residuals = [.. estimate.PerSequence.Select((each, i) => (each * chunks.Length) - (nats * characters[i]))];
        double error = ErrorOfMean(residuals) / characters.Average() / Math.Log(2);
        return LikelihoodMetrics.PerCharacter.Row(
            split, nats / Math.Log(2), Known(error), estimate.Sequences,
            $"{protocol}; all nats over their {characters.Sum():0} characters");
    }

    private string Chunks(EvaluationChunks chunks) =>
        $"{(chunks.Count == chunks.Total ? "all" : $"{chunks.Count} of")} {chunks.Total} {(chunks.AreExamples ? "examples" : "chunks")} of "
            + $"{chunks.Length} {(tokenizer.IsCharacterwise ? Units.Many : $"{tokenizer.Name} {Units.Many}")}"
            + (chunks.AreExamples ? "" : ", each without the text before it");
}
