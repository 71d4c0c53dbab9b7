using Bench.Attention;
using Bench.Backbone;
using static TorchSharp.torch;

namespace Bench.Tests;

/// <summary>A denoiser of one position at a time, given the sequence that the position attends to; all others are masked.</summary>
internal abstract class SequenceDenoiser(int tokenCount) : IDenoiser
{
    public Tensor Logits(DenoiserInput question)
    {
        var (tokens, _, wanted, layout) = question;
        long[] all = tokens.data<long>().ToArray();
        var (rows, slots) = ((int)tokens.size(0), (int)tokens.size(1));
        layout ??= SequenceLayout.Single(slots, causal: false);
        int length = layout.Positions.Max() + 1;
        int[][] positions = [.. Enumerable.Range(0, rows).Select(row => layout.Row(row).Slots.Select(slot => slot.Position).ToArray())];
        long[] asked = wanted?.data<long>().ToArray() ?? [.. Enumerable.Range(0, rows * slots).Select(at => (long)at)];
        var logits = new double[asked.Length * (tokenCount + 1)];
        foreach (var (m, at) in asked.Index())
        {
            var (row, query) = ((int)(at / slots), (int)(at % slots));
            var seen = new long[length];
            Array.Fill(seen, tokenCount);
            for (int key = 0; key < slots; key++)
            {
                if (layout.Sees(row, query, key))
                    seen[positions[row][key]] = all[(row * slots) + key];
            }

            Answer(positions[row][query], seen).CopyTo(logits.AsSpan(m * (tokenCount + 1)));
        }

        using var scope = NewDisposeScope();
        return (wanted is null
            ? tensor(logits, [rows, slots, tokenCount + 1])
            : tensor(logits, [asked.Length, tokenCount + 1])).MoveToOuterDisposeScope();
    }

    /// <summary>Log-probabilities of the tokens at a position, up to a constant.</summary>
    protected abstract double[] Answer(int position, long[] seen);
}
