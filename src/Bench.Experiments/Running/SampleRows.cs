using Bench.Results;
using Bench.Sampling;

namespace Bench.Experiments.Running;

/// <summary>Generated texts, written as files, and what is measured of them.</summary>
internal static class SampleRows
{
    /// <summary>Writes the texts and returns their rows of <c>metrics.csv</c>.</summary>
    public static IEnumerable<Metric> Write(RunContext context, Generation generation, string protocol)
    {
        string digits = new('0', $"{generation.Sequences.Length}".Length);
        foreach (var (i, sequence) in generation.Sequences.Index())
            context.Folder.Write(new Sample($"sample-{(i + 1).ToString(digits)}", context.Data.Tokenizer.Decode(sequence) + "\n"));

        double[] entropies = [.. generation.Sequences.Select(Entropy)];
        return
        [
            new(MetricNames.SampleEntropy, Splits.None, Units.Nats, entropies.Average(), LikelihoodRows.Known(LikelihoodRows.ErrorOfMean(entropies)), entropies.Length, protocol),
            new(MetricNames.SamplingSpeed, Splits.None, Units.TokensPerSecond, generation.TokensPerSecond, Protocol: protocol),
        ];
    }

    // Of the histogram of one sequence, in nats.
    private static double Entropy(int[] sequence) => -sequence
        .CountBy(token => token)
        .OrderBy(pair => pair.Key)
        .Sum(pair => (double)pair.Value / sequence.Length * Math.Log((double)pair.Value / sequence.Length));
}
