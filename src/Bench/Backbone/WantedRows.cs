using Bench.Kernels;
using static TorchSharp.torch;

namespace Bench.Backbone;

/// <summary>
/// The positions that a network is asked for, repeated to a round number: what is prepared for a product is kept for each number of rows,
/// and how many positions are wanted changes with every batch.
/// </summary>
internal static class WantedRows
{
    // So many numbers of rows at most.
    private const int Numbers = 64;

    /// <summary>The same positions, the first of them repeated until there are as many as some other batch has.</summary>
    /// <param name="wanted">[M], or null for all.</param>
    /// <param name="tokens">[B, C]</param>
    public static Tensor? Rounded(Tensor? wanted, Tensor tokens)
    {
        if (wanted is null || wanted.size(0) <= FusedKernels.LargestSmallBatch)
            return wanted;
        long all = tokens.size(0) * tokens.size(1), step = (all + Numbers - 1) / Numbers;
        return Repeated(wanted, Math.Min((wanted.size(0) + step - 1) / step * step, Math.Max(all, wanted.size(0))));
    }

    /// <summary>So many, of which those behind the given ones repeat the first.</summary>
    public static Tensor Repeated(Tensor x, long count) => count == x.size(0) ? x : cat([x, x[..1].expand(count - x.size(0))]);

    /// <summary>The answers for those that are wanted.</summary>
    public static Tensor First(Tensor? wanted, Tensor answers) =>
        wanted is null || answers.size(0) == wanted.size(0) ? answers : answers.narrow(0, 0, wanted.size(0));
}
