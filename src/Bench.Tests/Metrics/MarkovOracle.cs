using Bench.Data.Corpora;
using Bench.Tests.Data;

namespace Bench.Tests.Metrics;

/// <summary>The best denoiser of absorbing noise there is: the exact distribution of each position given the tokens that are seen.</summary>
/// <param name="source">Whose distribution.</param>
/// <param name="shifted">Whether column i holds token i − 1, as a shifted view has it.</param>
internal sealed class MarkovOracle(MarkovSource source, bool shifted) : SequenceDenoiser(source.TokenCount)
{
    protected override double[] Answer(int position, long[] seen)
    {
        int[] known = [.. seen.Select(token => (int)token)];
        // A column that is not seen is masked, and so is the one that stands for nothing, before the first token.
        var posterior = new MarkovPosterior(source, shifted ? [.. known[1..], source.TokenCount] : known);
        return [.. Enumerable.Range(0, source.TokenCount).Select(v => Math.Log(posterior[position, v]))];
    }
}
