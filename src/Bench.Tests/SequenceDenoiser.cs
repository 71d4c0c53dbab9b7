using Bench.Attention;
using Bench.Backbone;
using static TorchSharp.torch;

namespace Bench.Tests;

/// <summary>A denoiser that is asked for one position at a time, given the sequence that the position sees: what it does not see is masked.</summary>
internal abstract class SequenceDenoiser(int words) : IDenoiser
{
    public Tensor Logits(DenoiserInput question)
    {
        var (tokens, _, wanted, layout) = question;
        long[] all = tokens.data<long>().ToArray();
        var (rows, columns) = ((int)tokens.size(0), (int)tokens.size(1));
        layout ??= SequenceLayout.Single(columns, causal: false);
        int length = layout.Positions.Max() + 1;
        long[] asked = wanted?.data<long>().ToArray() ?? [.. Enumerable.Range(0, rows * columns).Select(column => (long)column)];
        var logits = new double[asked.Length * (words + 1)];
        foreach (var (m, at) in asked.Index())
        {
            var (row, query) = ((int)(at / columns), (int)(at % columns));
            var seen = new long[length];
            Array.Fill(seen, words);
            for (int key = 0; key < columns; key++)
            {
                if (layout.Sees(row, query, key))
                    seen[layout.Positions[key]] = all[(row * columns) + key];
            }

            Answer(layout.Positions[query], seen).CopyTo(logits.AsSpan(m * (words + 1)));
        }

        using var scope = NewDisposeScope();
        return (wanted is null ? tensor(logits, [rows, columns, words + 1]) : tensor(logits, [asked.Length, words + 1])).MoveToOuterDisposeScope();
    }

    /// <summary>Log-probabilities of the words at a position, up to a constant.</summary>
    protected abstract double[] Answer(int position, long[] seen);
}
