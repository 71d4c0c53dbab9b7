using Bench.Evaluation.Quality;

namespace Bench.Tests.Golden;

/// <summary>Entropy within a sequence, averaged: the definition of this suite.</summary>
public sealed class DuoMetrics : IGoldenFamily
{
    public string Family => "duo_metrics";

    public string? Check(GoldenCase golden)
    {
        double[] entropies = [.. JudgedTokens.Sequences(golden).Select(tokens => SampleEntropy.Of(tokens))];
        Close.Assert(GoldenCase.Numbers(golden.Expected.GetProperty("entropy_per_sequence")), entropies, what: "entropy");
        Close.Assert(golden.Expected.GetProperty("mean").GetDouble(), entropies.Average(), what: "mean");
        return null;
    }
}
