using Bench.Metrics;
using Bench.Reference.Metrics;
using Bench.Results.Metrics;
using Bench.Scoring;
using Xunit;

namespace Bench.Tests.Golden;

/// <summary>
/// Corpus perplexity without ends of text, as ours; its reported entropy is a sum over a batch, ours the mean that the file has as exact.
/// </summary>
public sealed class Bd3lmMetrics : IGoldenFamily
{
    public string Family => "bd3lm_metrics";

    public string? Check(GoldenCase golden)
    {
        switch (golden.Group)
        {
            case "entropy":
                // Over the whole array, as if it were one sequence.
                golden.Expected.Match("entropy", SampleEntropy.Of([.. ScoredTokens.Sequences(golden).SelectMany(tokens => tokens)]),
                    what: "entropy");
                return null;
            case "gen":
                return Generated(golden);
            default:
                Assert.Fail($"{golden.Function} is unknown");
                return null;
        }
    }

    private static string? Generated(GoldenCase golden)
    {
        var perplexity = GenerativePerplexity.PerToken;
        int size = golden.Count("batch_size");
        TextLikelihood[][] batches =
            [.. ReleasedPerplexity.WholeBatches(ScoredTokens.Of(golden, CountedTokens.WithoutEnds(golden.Count("eos_token_id"))), size)];
        golden.Expected.Match("lengths", [.. batches.Select(batch => (double)perplexity.Units(batch))], what: "tokens that count");
        golden.Expected.Match("gen_ppl_per_batch", [.. batches.Select(perplexity.Corpus)], what: "perplexity of batches");
        golden.Expected.Match("gen_ppl", [perplexity.Corpus(batches.SelectMany(batch => batch))], what: "perplexity");

        int[][] sequences = ScoredTokens.Sequences(golden);
        int[][][] parts = [.. ReleasedPerplexity.WholeBatches(sequences, size)];
        golden.Expected.Match("entropy_sum_per_batch", [.. parts.Select(batch => ReleasedEntropy.OfBatch(batch))],
            what: "entropy of batches");
        golden.Expected.Match("reported_entropy", [ReleasedEntropy.OfBatches(parts)], what: "reported entropy");
        double[] entropies = [.. sequences.Select(tokens => SampleEntropy.Of(tokens))];
        golden.Exact.Match("entropy_per_sequence", entropies, what: "entropy");
        golden.Exact.Match("mean_entropy", entropies.Average(), what: "mean entropy");
        return null;
    }
}
