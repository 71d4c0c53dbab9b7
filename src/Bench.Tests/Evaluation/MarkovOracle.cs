using Bench.Data;
using Bench.Models;
using static TorchSharp.torch;

namespace Bench.Tests.Evaluation;

/// <summary>The best denoiser there is: the exact law of each position given the tokens that are seen.</summary>
internal sealed class MarkovOracle(MarkovSource source, int words, bool shifted) : IDenoiser
{
    public Tensor Logits(Tensor tokens, Tensor? sigma, Tensor? positions = null)
    {
        long[] all = tokens.data<long>().ToArray();
        var (rows, length) = ((int)tokens.size(0), (int)tokens.size(1));
        var logits = new double[rows * length * (words + 1)];
        for (int row = 0; row < rows; row++)
        {
            int[] seen = [.. all.AsSpan(row * length, length).ToArray().Select(token => (int)token)];
            var both = new MarkovPosterior(source, seen);
            for (int i = 0; i < length; i++)
            {
                // In the shifted view, row i predicts token i from the tokens before it: what stands at 1 .. i of the input.
                var posterior = shifted ? new MarkovPosterior(source, [.. seen[1..(i + 1)], words]) : both;
                for (int v = 0; v < words; v++)
                    logits[(((row * length) + i) * (words + 1)) + v] = Math.Log(posterior[i, v]);
            }
        }

        using var scope = NewDisposeScope();
        var result = tensor(logits, [rows, length, words + 1]);
        return (positions is null ? result.alias() : result.flatten(0, 1).index_select(0, positions)).MoveToOuterDisposeScope();
    }
}
