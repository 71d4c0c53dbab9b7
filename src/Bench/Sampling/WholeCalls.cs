using Bench.Models;
using static TorchSharp.torch;

namespace Bench.Sampling;

/// <summary>Every call computes all columns but the worthless ones at the end.</summary>
internal sealed class WholeCalls(IDenoiser network, Denoising problem, int rows, Device device) : NetworkCalls(problem, rows, device)
{
    /// <inheritdoc/>
    protected override Tensor Call(long[] tokens, int step, int window, IReadOnlyList<int> asked, IReadOnlyList<double>? times)
    {
        using var scope = NewDisposeScope();
        var layout = Layout.Step(Problem.Path, step, window, Problem.View);
        var batch = Rows(asked, everybody: false);
        var (columns, sigma) = Fill(tokens, step, layout.Positions, batch, times);
        return network.Logits(columns, sigma, Wanted(asked, batch, layout.Positions), layout).MoveToOuterDisposeScope();
    }
}
