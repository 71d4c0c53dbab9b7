using Bench.Data.Corpora;
using Bench.Tests.Data;

namespace Bench.Tests.Metrics;

/// <summary>The exact denoiser of absorbing noise: the distribution of each position given the unmasked tokens.</summary>
/// <param name="source">The source of the text.</param>
/// <param name="shifted">Whether position i holds token i − 1, as in a shifted view.</param>
internal sealed class MarkovOracle(MarkovSource source, bool shifted) : SequenceDenoiser(source.TokenCount)
{
    protected override double[] Answer(int position, long[] seen)
    {
        int[] known = [.. seen.Select(token => (int)token)];
        // A position that is not attended to is masked, and so is the empty one before the first token.
        var posterior = new MarkovPosterior(source, shifted ? [.. known[1..], source.TokenCount] : known);
        return [.. Enumerable.Range(0, source.TokenCount).Select(v => Math.Log(posterior[position, v]))];
    }
}
