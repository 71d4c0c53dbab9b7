using Bench.Metrics;
using Bench.Results.Metrics;

namespace Bench.Tests.Golden;

/// <summary>Entropy within a sequence, averaged: the definition of this suite.</summary>
public sealed class DuoMetrics : IGoldenFamily
{
    public string Family => "duo_metrics";

    public string? Check(GoldenCase golden)
    {
        double[] entropies = [.. ScoredTokens.Sequences(golden).Select(tokens => SampleEntropy.Of(tokens))];
        golden.Expected.Match("entropy_per_sequence", entropies, what: "entropy");
        golden.Expected.Match("mean", entropies.Average(), what: "mean");
        return null;
    }
}
