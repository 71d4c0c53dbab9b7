using Bench.Evaluation.Quality;
using Bench.Results;
using Bench.Sampling;

namespace Bench.Experiments.Running;

/// <summary>Generated texts, written as files, and what is measured of them.</summary>
internal static class SampleRows
{
    /// <summary>Writes the texts and returns their rows of <c>metrics.csv</c>.</summary>
    public static IEnumerable<Metric> Write(RunContext context, Generation generation, string protocol) =>
    [
        .. Write(context, generation.Sequences, protocol),
        new(MetricNames.SamplingSpeed, Splits.None, Units.TokensPerSecond, generation.TokensPerSecond, Protocol: protocol),
    ];

    /// <summary>The same for texts that took nothing.</summary>
    public static IEnumerable<Metric> Write(RunContext context, int[][] sequences, string protocol)
    {
        string digits = new('0', $"{sequences.Length}".Length);
        foreach (var (i, sequence) in sequences.Index())
            context.Folder.Write(new Sample($"sample-{(i + 1).ToString(digits)}", context.Data.Tokenizer.Decode(sequence) + "\n"));

        double[] entropies = [.. sequences.Select(sequence => SampleEntropy.Of(sequence))];
        return [new(MetricNames.SampleEntropy, Splits.None, Units.Nats, entropies.Average(), LikelihoodRows.Known(LikelihoodRows.ErrorOfMean(entropies)), entropies.Length, protocol)];
    }
}
