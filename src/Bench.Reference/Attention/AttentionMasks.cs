using System.Collections.Immutable;
using Bench.Attention;
using Bench.Numerics;

namespace Bench.Reference.Attention;

/// <summary>
/// The attention masks of HDLM's public code (arXiv 2504.06416), for faithful comparison: [query, key], true where the query may attend
/// to the key.
/// <see cref="SequenceLayout"/> is what this suite uses.
/// </summary>
/// <remarks>
/// They differ from ours in this. Rows that attend to nothing stay empty, and the public networks let such a query attend uniformly to
/// everything, noise included; ours attends to itself.
/// Block-causal contexts go by blocks of a fixed width, not by the order in which positions settle, so that along a sliding window settled
/// values change later.
/// In the doubled pass a full context lets clean tokens see the tokens that are still to be predicted.
/// </remarks>
public static class AttentionMasks
{
    /// <summary>One step: the aligned mask, and the shifted one, whose input is a dummy token and then the text.</summary>
    /// <remarks>
    /// Shifted, the active block begins with the last settled token, and a causal block lets each query see its own slot's noisy token, one
    /// position ahead. Ours does not:
    /// a prediction leaves out the position's own observation. With a full block and a causal context the two agree.
    /// </remarks>
    /// <param name="length">C positions.</param>
    /// <param name="settledEnd">The last settled position.</param>
    /// <param name="activeEnd">The last active position.</param>
    /// <param name="context">How settled positions attend among themselves.</param>
    /// <param name="block">How active ones do: full or causal.</param>
    /// <param name="blockSize">Width of the blocks of a block-causal context.</param>
    /// <param name="shifted">Whether output i predicts position i + 1.</param>
    /// <param name="postActive">Whether the positions behind the active ones attend among themselves as a context of their own.</param>
    public static bool[,] Step(
        int length, int settledEnd, int activeEnd, AttentionKind context, AttentionKind block, int blockSize, bool shifted, bool postActive)
    {
        int ahead = shifted ? 1 : 0, firstActive = Math.Max(0, settledEnd + 1 - ahead), behind = activeEnd + 1;
        return Mask(length, (query, key) =>
            query > activeEnd ? postActive && key > activeEnd && InContext(query - behind, key - behind)
            : query < firstActive ? key <= settledEnd && InContext(query, key)
            : key <= settledEnd || (key <= activeEnd && (block != AttentionKind.Causal || key <= query + ahead)));

        bool InContext(int query, int key) => context switch
        {
            AttentionKind.Full => true,
            AttentionKind.Causal => key <= query,
            _ => key / blockSize <= query / blockSize,
        };
    }

    /// <summary>[clean | noisy], aligned: a noisy span sees itself and the clean tokens before it.</summary>
    /// <param name="length">L; the mask is [2L, 2L].</param>
    /// <param name="spans">First and one past the last position of what is denoised together; positions in no span see nothing.</param>
    /// <param name="context">How clean slots attend among themselves; block-causal goes by spans.</param>
    /// <param name="block">How the noisy slots of a span do.</param>
    public static bool[,] Doubled(int length, ImmutableArray<(int Start, int End)> spans, AttentionKind context, AttentionKind block) =>
        Mask(2 * length, (query, key) => (query < length, key < length) switch
        {
            (true, true) => InDoubledContext(query, key, spans, context),
            (true, false) => false,
            (false, true) => spans.Any(span => IsIn(span, query - length) && key < span.Start),
            _ => spans.Any(span => IsIn(span, query - length) && IsIn(span, key - length))
                && (block != AttentionKind.Causal || key <= query),
        });

    /// <summary>
    /// [clean | noisy], shifted, as the public code has it and never calls it: each block reaches one position into the next, and the first
    /// query of a later block sees no more clean tokens than the block before.
    /// </summary>
    /// <remarks>Ours has a slot more for each block: the clean token before it, and all of its own noisy tokens.</remarks>
    /// <param name="length">L; the mask is [2L, 2L].</param>
    /// <param name="blocks">Equal blocks; what is left over at the end belongs to none.</param>
    /// <param name="context">How clean slots attend among themselves.</param>
    /// <param name="block">How the noisy slots of a block do; causal sees one position ahead.</param>
    public static bool[,] DoubledShifted(int length, int blocks, AttentionKind context, AttentionKind block)
    {
        var spans = Blocks(length, blocks);
        int width = length / blocks;
        ImmutableArray<(int Start, int End)> overlapping = [.. spans.Select(span => (span.Start, Math.Min(span.End + 1, length)))];
        return Mask(2 * length, (query, key) => (query < length, key < length) switch
        {
            (true, true) => InDoubledContext(query, key, spans, context),
            (true, false) => false,
            (false, true) => query - length is var at && at > 0 && at <= blocks * width && key < (at - 1) / width * width,
            _ => overlapping.Any(span => IsIn(span, query - length) && IsIn(span, key - length))
                && (block != AttentionKind.Causal || key <= query + 1),
        });
    }

    /// <summary>Equal blocks; what is left over at the end belongs to none.</summary>
    public static ImmutableArray<(int Start, int End)> Blocks(int length, int blocks)
    {
        int width = Require.Positive(length / Require.Positive(blocks));
        return [.. Enumerable.Range(0, blocks).Select(block => (block * width, (block + 1) * width))];
    }

    /// <summary>Backwards only, and nothing behind an end.</summary>
    public static bool[,] Causal(int length, int end) => Mask(length, (query, key) => key <= query && key <= end);

    private static bool InDoubledContext(int query, int key, ImmutableArray<(int Start, int End)> spans, AttentionKind context) =>
        context switch
    {
        AttentionKind.Full => true,
        AttentionKind.Causal => key <= query,
        _ => spans.Any(span => IsIn(span, query) && key < span.End),
    };

    private static bool IsIn((int Start, int End) span, int position) => span.Start <= position && position < span.End;

    private static bool[,] Mask(int length, Func<int, int, bool> sees)
    {
        var mask = new bool[length, length];
        for (int query = 0; query < length; query++)
        {
            for (int key = 0; key < length; key++)
                mask[query, key] = sees(query, key);
        }

        return mask;
    }
}
