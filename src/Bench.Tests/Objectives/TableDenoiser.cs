using Bench.Attention;
using Bench.Backbone;
using Bench.Kernels;
using static TorchSharp.torch;

namespace Bench.Tests.Objectives;

/// <summary>A denoiser whose parameters are its logits: a row for each position, and one for each token attended to.</summary>
/// <param name="positions">[L + 1, V]</param>
/// <param name="tokens">[V, V]</param>
internal sealed class TableDenoiser(Tensor positions, Tensor tokens) : IDenoiser
{
    public Tensor Logits(DenoiserInput asked)
    {
        var (input, _, wanted, layout) = asked;
        using var scope = NewDisposeScope();
        var (rows, columns) = (input.size(0), input.size(1));
        long[] at = layout is null
            ? [.. Enumerable.Range(0, (int)columns).Select(i => (long)i)]
            : [.. layout.Positions.Select(i => (long)i)];
        var all = positions.index_select(0, tensor(at).On(positions.device)).repeat(rows * columns / at.Length, 1)
            + tokens.index_select(0, input.flatten()); // [B·C, V]
        return (wanted is null ? all.view(rows, columns, -1) : all.index_select(0, wanted)).MoveToOuterDisposeScope();
    }
}
