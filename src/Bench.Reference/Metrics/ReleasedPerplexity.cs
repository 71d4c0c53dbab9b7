using Bench.Metrics;
using Bench.Numerics;
using Bench.Scoring;

namespace Bench.Reference.Metrics;

/// <summary>
/// Generative perplexities as public codes add them up, for faithful comparison: sequences that do not fill a batch are dropped. Nothing
/// else here uses them.
/// </summary>
public static class ReleasedPerplexity
{
    // HDLM scorers no more sequences at once, whatever it is asked for.
    private const int MostAtOnce = 4;

    /// <summary>
    /// HDLM's: the mean over whole batches of at most four of the sequences' own perplexities; NaN where no batch is whole.
    /// </summary>
    public static double Hdlm(IReadOnlyList<TextLikelihood> texts, int batchSize)
    {
        int rows = Math.Min(MostAtOnce, Require.Positive(batchSize));
        return GenerativePerplexity.PerToken.MeanOfSequences(texts.Take(texts.Count / rows * rows));
    }

    /// <summary>MDLM's and BD3-LM's batches: whole ones only, of no more sequences than there are.</summary>
    public static IEnumerable<T[]> WholeBatches<T>(IReadOnlyCollection<T> sequences, int batchSize)
    {
        int rows = Math.Min(Require.Positive(batchSize), sequences.Count);
        return rows == 0 ? [] : sequences.Take(sequences.Count / rows * rows).Chunk(rows);
    }
}
