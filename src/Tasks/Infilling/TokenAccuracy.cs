using System.Collections.Immutable;
using Bench.Data.Tokens;
using Bench.Metrics;
using Bench.Numerics;
using Bench.Results;
using Bench.Results.Metrics;
using Bench.Statistics;

namespace Bench.Tasks.Infilling;

/// <summary>The share of generated tokens that are the true ones, where the others were given.</summary>
/// <remarks>Other completions may be as good: it compares methods, and 1 is out of reach where a text has several.</remarks>
public static class TokenAccuracy
{
    /// <summary>Over all tokens that were not given.</summary>
    /// <param name="setting">How the sequences were generated.</param>
    /// <param name="truth">The true sequences and what of them was given; in turn, where there are fewer.</param>
    /// <param name="sequences">[count][L] tokens.</param>
    /// <param name="draws">Of resamples.</param>
    public static ImmutableArray<GenerationMetric> Of(
        GenerationSetting setting, ExampleBatch truth, IReadOnlyList<int[]> sequences, RandomStream draws)
    {
        var (right, all) = (new double[sequences.Count], new double[sequences.Count]);
        foreach (var (i, sequence) in sequences.Index())
        {
            int row = i % truth.Rows, start = row * truth.Length;
            all[i] = truth.TargetsOf(row);
            for (int at = start; at < start + truth.Length; at++)
                right[i] += !truth.IsGiven(at) && at - start < sequence.Length && sequence[at - start] == truth.Tokens[at] ? 1 : 0;
        }

        var bootstrap = new Bootstrap(draws);
        var rows = new GenerationRows(setting, LikelihoodUnits.Token);
        rows.Add(
            InfillingMetrics.TokenAccuracy,
            bootstrap.OfRatio(right, all),
            $"generated tokens that are the true ones, of {all.Sum():0}; {bootstrap.Protocol}",
            "nothing was generated");
        return rows.All;
    }
}
